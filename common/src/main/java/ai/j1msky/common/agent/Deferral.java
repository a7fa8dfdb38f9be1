package ai.j1msky.common.agent;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;

/// Why an agent whose turn has come waits all the same, and for how long it is left alone.
///
/// @param waitMillis after which it is sent again, from when the deferral is read; a duration, since clocks differ
/// @param at when the worker said so; of two the later counts
public record Deferral(Reason blockedBy, long waitMillis, Instant at) {

    /// What has to change before it can run; the names are the public `queue.blocked_by` in lower case.
    public enum Reason {
        /// No call is left in this hour at any provider that may run it.
        PROVIDER_BUDGET,
        /// Its provider failed too often and is left alone for a while.
        PROVIDER_DOWN,
        /// Its provider asked to be left alone for a while.
        PROVIDER_RATE_LIMITED,
        /// Its provider has as many calls of the worker as it may have.
        PROVIDER_BUSY;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        static Reason parse(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    public Deferral {
        requireNonNull(blockedBy, "blocked_by");
        requireNonNull(at, "at");
        if (waitMillis < 0) {
            throw new IllegalArgumentException("wait_millis is negative");
        }
    }
}
