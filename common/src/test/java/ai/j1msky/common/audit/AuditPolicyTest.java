package ai.j1msky.common.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuditPolicyTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private static AuditPolicy policy(
            boolean enabled, AuditLevel level, Set<AuditEvent> events, Instant cutBefore) {
        return new AuditPolicy(enabled, level, 90, false, false, events, cutBefore, "", NOW);
    }

    private static List<AuditEvent> taken(AuditPolicy policy) {
        return Arrays.stream(AuditEvent.values()).filter(policy::takes).toList();
    }

    @Test
    void theStandardIsPartOfTheContract() {
        AuditPolicy standard = AuditPolicy.STANDARD;
        assertThat(standard.enabled()).isTrue();
        assertThat(standard.logLevel()).isEqualTo(AuditLevel.NORMAL);
        assertThat(standard.retention()).isEqualTo(Duration.ofDays(90));
        assertThat(standard.includeRequestBody()).isFalse();
        assertThat(standard.includeResponseBody()).isFalse();
        assertThat(taken(standard)).containsExactly(AuditEvent.values());
    }

    @Test
    void theQuietLevelTellsOfChangesViolationsEndingKeysMoneyDataAndFailures() {
        assertThat(
                        taken(
                                policy(
                                        true,
                                        AuditLevel.QUIET,
                                        EnumSet.allOf(AuditEvent.class),
                                        Instant.EPOCH)))
                .containsExactly(
                        AuditEvent.AGENT_FAIL,
                        AuditEvent.API_KEY_EXPIRING,
                        AuditEvent.BILLING_ALERT,
                        AuditEvent.DATA_ERASED,
                        AuditEvent.DATA_EXPORTED,
                        AuditEvent.WEBHOOK_DISABLED,
                        AuditEvent.CONFIG_CHANGE,
                        AuditEvent.SECURITY_VIOLATION,
                        AuditEvent.AUDIT_START,
                        AuditEvent.AUDIT_LOST);
    }

    @Test
    void whatTheLogSaysAboutItselfCannotBeSwitchedOff() {
        assertThat(
                        taken(
                                policy(
                                        false,
                                        AuditLevel.VERBOSE,
                                        EnumSet.allOf(AuditEvent.class),
                                        Instant.EPOCH)))
                .containsExactly(AuditEvent.AUDIT_START, AuditEvent.AUDIT_LOST);
        assertThat(
                        taken(
                                policy(
                                        true,
                                        AuditLevel.VERBOSE,
                                        EnumSet.of(AuditEvent.CONFIG_CHANGE),
                                        Instant.EPOCH)))
                .containsExactly(
                        AuditEvent.CONFIG_CHANGE, AuditEvent.AUDIT_START, AuditEvent.AUDIT_LOST);
    }

    @Test
    void aRetentionThatWasShorterOnceIsRemembered() {
        Instant lately = NOW.minus(Duration.ofDays(7));
        Set<AuditEvent> all = EnumSet.allOf(AuditEvent.class);
        assertThat(policy(true, AuditLevel.NORMAL, all, Instant.EPOCH).cutoff(NOW))
                .isEqualTo(NOW.minus(Duration.ofDays(90)));
        assertThat(policy(true, AuditLevel.NORMAL, all, lately).cutoff(NOW)).isEqualTo(lately);
    }
}
