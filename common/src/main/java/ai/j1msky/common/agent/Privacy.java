package ai.j1msky.common.agent;

import ai.j1msky.common.pii.PiiCounts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an agent's owner wants to happen with its texts.
///
/// @param detectPii whether personal data are to be counted in its task and its result
/// @param maskPiiInLogs as asked; no log, audit entry or metric shows any text, whatever this says
/// @param encryptOutput whether its result is left out of webhooks, so that it is read through the API alone
/// @param retentionDays how long it can be read, or null for as long as any other
/// @param found what was found in its task; null when nobody looked
public record Privacy(
        boolean detectPii,
        boolean maskPiiInLogs,
        boolean encryptOutput,
        @Nullable Integer retentionDays,
        @Nullable PiiCounts found) {

    /// Of an agent whose owner has said nothing.
    public static final Privacy STANDARD = new Privacy(false, true, false, null, null);

    public Privacy {
        if (retentionDays != null && retentionDays < 1) {
            throw new IllegalArgumentException("retention_days is less than 1");
        }
    }

    /// The same, with what was found in the task.
    public Privacy finding(@Nullable PiiCounts pii) {
        return new Privacy(detectPii, maskPiiInLogs, encryptOutput, retentionDays, pii);
    }

    /// How long the agent can be read.
    ///
    /// @param standard how long one can about which nothing was said
    public Duration kept(Duration standard) {
        return retentionDays == null ? standard : Duration.ofDays(retentionDays);
    }
}
