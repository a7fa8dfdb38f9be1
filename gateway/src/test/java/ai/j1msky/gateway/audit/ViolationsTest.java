package ai.j1msky.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.gateway.audit.chain.AuditFact;
import ai.j1msky.gateway.audit.chain.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViolationsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(1);

    private final Violations violations = new Violations();

    private boolean isTold(String address, Instant at) {
        return violations
                .add(
                        "unauthorized",
                        AuditFact.of(AuditEvent.SECURITY_VIOLATION, AccountId.MAIN, at)
                                .from(new Origin(address, "agent", null)))
                .isPresent();
    }

    @Test
    void theFirstIsToldAtOnceAndTheRestAsASum() {
        // Given
        assertThat(isTold("10.0.0.1", NOW)).isTrue();
        for (int n = 0; n < 999; n++) {
            assertThat(isTold("10.0.0.1", NOW.plusMillis(n))).isFalse();
        }

        // When
        List<AuditFact> early = violations.passed(NOW.plusSeconds(59));
        List<AuditFact> sums = violations.passed(NOW.plus(LONGEST_WINDOW));

        // Then
        assertThat(early).isEmpty();
        assertThat(sums).hasSize(1);
        assertThat(sums.getFirst().details().path("more").asInt()).isEqualTo(999);
        assertThat(sums.getFirst().origin().address()).isEqualTo("10.0.0.1");
        assertThat(violations.passed(NOW.plusSeconds(200))).isEmpty();
        assertThat(isTold("10.0.0.1", NOW.plusSeconds(200))).isTrue();
    }

    @Test
    void manyAddressesTakeNoMoreRoomThanAFew() {
        // When
        long told = 0;
        for (int n = 0; n < 10_000; n++) {
            told += isTold("10.0." + n / 250 + "." + n % 250, NOW) ? 1 : 0;
        }
        List<AuditFact> sums = violations.passed(NOW.plus(LONGEST_WINDOW));

        // Then
        assertThat(told).isEqualTo(Violations.ADDRESSES);
        assertThat(sums).hasSize(1);
        assertThat(sums.getFirst().details().path("more").asInt())
                .isEqualTo(10_000 - Violations.ADDRESSES);
        assertThat(sums.getFirst().origin().address()).isNull();
    }

    @Test
    void anIpv6NetworkIsOneSource() {
        assertThat(isTold("2001:db8:0:1:0:0:0:1", NOW)).isTrue();
        assertThat(isTold("2001:db8:0:1:ffff:0:0:2", NOW)).isFalse();
        assertThat(isTold("2001:db8:0:2:0:0:0:1", NOW)).isTrue();
    }
}
