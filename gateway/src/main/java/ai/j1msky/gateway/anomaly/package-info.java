/// Tells when an API key is used as it never was before, and can stop it then.
@NullMarked
package ai.j1msky.gateway.anomaly;

import org.jspecify.annotations.NullMarked;
