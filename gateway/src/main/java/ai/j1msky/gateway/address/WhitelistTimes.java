package ai.j1msky.gateway.address;

import ai.j1msky.common.policy.IpWhitelist;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which whitelist holds when: one that is on trial ends by itself, by the clock of whoever reads it.
///
/// @param stored what is on the log, or null
/// @param first what holds now
/// @param ends when it ends, or null
/// @param then what holds afterwards
record WhitelistTimes(
        @Nullable IpWhitelist stored, Whitelist first, @Nullable Instant ends, Whitelist then) {

    /// Nothing is on the log.
    static WhitelistTimes always(Whitelist configured) {
        return new WhitelistTimes(null, configured, null, configured);
    }

    static WhitelistTimes of(IpWhitelist stored, Whitelist configured) {
        Whitelist first = Whitelist.of(stored.terms());
        IpWhitelist.Trial trial = stored.trial();
        if (trial == null) {
            return new WhitelistTimes(stored, first, null, first);
        }
        Whitelist then = trial.previous() == null ? configured : Whitelist.of(trial.previous());
        return new WhitelistTimes(stored, first, trial.ends(), then);
    }

    Whitelist at(Instant now) {
        return isOver(now) ? then : first;
    }

    /// When the whitelist that holds at that time ends, or null when it does not.
    @Nullable Instant endAfter(Instant now) {
        return isOver(now) ? null : ends;
    }

    private boolean isOver(Instant now) {
        return ends != null && !now.isBefore(ends);
    }
}
