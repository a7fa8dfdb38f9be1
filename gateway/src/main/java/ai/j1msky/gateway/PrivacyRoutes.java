package ai.j1msky.gateway;

import ai.j1msky.gateway.admission.Endpoint;
import java.util.List;

/// The endpoints of `ai.j1msky.gateway.privacy`.
record PrivacyRoutes(List<Endpoint> endpoints) {}
