package ai.j1msky.gateway.address;

import ai.j1msky.common.network.Address;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a line about an address that breaks a rule, and only so many a minute: whoever knocks fast must not fill the
/// disk. The next line after some were left out says how many.
final class ViolationLog {

    static final int LINES = 20;
    static final Duration WINDOW = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(ViolationLog.class);

    private final Clock clock;
    private Instant windowEnds = Instant.MIN;
    private int written;
    private long leftOut;

    ViolationLog(Clock clock) {
        this.clock = clock;
    }

    /// @param enforced whether it was refused
    void note(Address client, String rule, boolean enforced) {
        OptionalLong missing = take();
        if (missing.isPresent()) {
            log.atWarn()
                    .addKeyValue("address", client)
                    .addKeyValue("rule", rule)
                    .addKeyValue("refused", enforced)
                    .addKeyValue("leftOut", missing.getAsLong())
                    .log("address violation");
        }
    }

    /// How many lines were left out since the last one; empty when this one is, too.
    synchronized OptionalLong take() {
        Instant now = clock.instant();
        if (!now.isBefore(windowEnds)) {
            windowEnds = now.plus(WINDOW);
            written = 0;
        }
        if (written == LINES) {
            leftOut++;
            return OptionalLong.empty();
        }
        written++;
        long missing = leftOut;
        leftOut = 0;
        return OptionalLong.of(missing);
    }
}
