package ai.j1msky.gateway;

import ai.j1msky.common.id.NodeId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// Where this gateway stands among the others; the launcher passes it.
///
/// @param node its name
/// @param config the operator's `config.json`, or null for the defaults
/// @param masterKeyset the file of the master key, or null
/// @param masterKeysetJson the master key itself, or null
@ConfigurationProperties("j1msky")
record GatewaySettings(
        NodeId node,
        @Nullable Path config,
        @Nullable String masterKeyset,
        @Nullable String masterKeysetJson) {}
