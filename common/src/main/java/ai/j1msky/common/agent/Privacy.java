package ai.j1msky.common.agent;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an agent's owner wants to happen with its texts.
///
/// @param detectPii whether personal data are to be counted in its task and its result
/// @param maskPiiInLogs as asked; no log, audit entry or metric shows any text, whatever this says
/// @param encryptOutput whether its result is left out of webhooks, so that it is read through the API alone
/// @param retentionDays how long it can be read, or null for as long as any other
public record Privacy(
        boolean detectPii,
        boolean maskPiiInLogs,
        boolean encryptOutput,
        @Nullable Integer retentionDays) {

    /// Of an agent whose owner has said nothing.
    public static final Privacy STANDARD = new Privacy(false, true, false, null);

    public Privacy {
        if (retentionDays != null && retentionDays < 1) {
            throw new IllegalArgumentException("retention_days is less than 1");
        }
    }

    /// How long the agent can be read.
    ///
    /// @param standard how long one can about which nothing was said
    public Duration kept(Duration standard) {
        return retentionDays == null ? standard : Duration.ofDays(retentionDays);
    }
}
