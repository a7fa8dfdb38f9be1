package ai.j1msky.gateway.audit.chain;

import ai.j1msky.common.id.RequestId;
import org.jspecify.annotations.Nullable;

/// Where a request came from.
///
/// @param address the client's address as text
/// @param userAgent what the client calls itself, made harmless
public record Origin(
        @Nullable String address, @Nullable String userAgent, @Nullable RequestId requestId) {

    /// What happened by itself.
    public static final Origin NONE = new Origin(null, null, null);
}
