package ai.j1msky.common.policy;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.network.Network;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Addresses that may not call the API for a time, whatever the whitelist says.
///
/// @param reason the admin's words for it, or null
/// @param until when it ends
/// @param at when it was set
public record IpBlock(Network network, @Nullable String reason, Instant until, Instant at)
        implements Policy {

    /// How long a block lasts that hits the admin who sets it: as an [IpWhitelist] on trial.
    public static final Duration TRIAL = IpWhitelist.TRIAL;

    private static final String KEY_PREFIX = "ip-block/";

    public IpBlock {
        requireNonNull(network, "network");
        requireNonNull(until, "until");
        requireNonNull(at, "at");
    }

    /// The record key of the block of a network, however that is written.
    public static String keyOf(Network network) {
        return KEY_PREFIX + network.cidr();
    }

    /// Whether a record key is one of a block.
    public static boolean isKey(String logKey) {
        return logKey.startsWith(KEY_PREFIX);
    }

    /// The network that a block's record key names.
    public static Network.Reading networkOf(String logKey) {
        return Network.read(logKey.substring(KEY_PREFIX.length()));
    }

    public boolean isActiveAt(Instant now) {
        return now.isBefore(until);
    }

    @Override
    public String logKey() {
        return keyOf(network);
    }

    @Override
    public String logId() {
        return logKey() + "/" + at;
    }
}
