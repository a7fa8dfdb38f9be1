package ai.j1msky.common.policy;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.network.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which addresses may call the API.
///
/// @param terms what was asked for
/// @param trial set when the terms lock out whoever asked for them: they end by themselves
/// @param at when it was set
public record IpWhitelist(Terms terms, @Nullable Trial trial, Instant at) implements Policy {

    /// There is one whitelist, and this is its key.
    public static final String KEY = "ip-whitelist";

    /// Long enough to come back from an allowed address and repeat, short enough to sit out.
    public static final Duration TRIAL = Duration.ofMinutes(5);

    /// @param enforce false only logs who would be refused
    /// @param logViolations whether those are logged
    public record Terms(List<Network> allowedIps, boolean enforce, boolean logViolations) {
        public Terms {
            allowedIps = List.copyOf(allowedIps);
        }
    }

    /// @param previous what comes back, or null for what `config.json` says
    public record Trial(@Nullable Terms previous, Instant ends) {
        public Trial {
            requireNonNull(ends, "ends");
        }
    }

    public IpWhitelist {
        requireNonNull(terms, "terms");
        requireNonNull(at, "at");
    }

    /// What to keep when an admin asks for new terms.
    ///
    /// @param current the whitelist until now, or null when none was ever set
    /// @param locksOut whether the terms refuse the admin's own address
    public static IpWhitelist next(
            @Nullable IpWhitelist current, Terms terms, boolean locksOut, Instant now) {
        if (!locksOut) {
            return new IpWhitelist(terms, null, now);
        }
        return new IpWhitelist(terms, new Trial(standing(current), now.plus(TRIAL)), now);
    }

    /// The terms that no trial limits: one trial never leads back to another.
    private static @Nullable Terms standing(@Nullable IpWhitelist current) {
        if (current == null) {
            return null;
        }
        return current.trial == null ? current.terms : current.trial.previous;
    }

    @Override
    public String logKey() {
        return KEY;
    }

    @Override
    public String logId() {
        return KEY + "/" + at;
    }
}
