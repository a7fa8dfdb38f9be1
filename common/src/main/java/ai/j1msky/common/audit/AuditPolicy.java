package ai.j1msky.common.audit;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.log.LogEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// What the audit log takes and how long it keeps it: the one entry of its compacted topic.
///
/// @param enabled false: nothing but the log's own entries and changes of this policy
/// @param logLevel how much of it
/// @param retentionDays how long an entry is kept
/// @param includeRequestBody whether entries show the masked body of their request
/// @param includeResponseBody whether entries show the masked body of their answer
/// @param events which events
/// @param cutBefore what is older than this may be gone, whatever the retention says now: it was shorter once
/// @param seal proves that a gateway wrote this
public record AuditPolicy(
        boolean enabled,
        AuditLevel logLevel,
        int retentionDays,
        boolean includeRequestBody,
        boolean includeResponseBody,
        Set<AuditEvent> events,
        Instant cutBefore,
        String seal,
        Instant at)
        implements LogEntry {

    public static final int LONGEST_RETENTION_DAYS = 3_650;

    /// The one key of its topic.
    public static final String KEY = "audit";

    /// What holds until somebody decides otherwise.
    public static final AuditPolicy STANDARD =
            new AuditPolicy(
                    true,
                    AuditLevel.NORMAL,
                    90,
                    false,
                    false,
                    EnumSet.copyOf(AuditEvent.optional()),
                    Instant.EPOCH,
                    "",
                    Instant.EPOCH);

    public AuditPolicy {
        requireNonNull(logLevel, "log_level");
        requireNonNull(cutBefore, "cut_before");
        requireNonNull(seal, "seal");
        requireNonNull(at, "at");
        if (retentionDays < 1 || retentionDays > LONGEST_RETENTION_DAYS) {
            throw new IllegalArgumentException("retention_days is out of range");
        }
        events = Collections.unmodifiableSet(ordered(events));
    }

    public Duration retention() {
        return Duration.ofDays(retentionDays);
    }

    /// What was written before this may be gone by age.
    public Instant cutoff(Instant now) {
        Instant byAge = now.minus(retention());
        return byAge.isAfter(cutBefore) ? byAge : cutBefore;
    }

    /// Whether entries of that kind are written at all.
    public boolean takes(AuditEvent event) {
        return !event.isOptional() || (enabled && events.contains(event) && logLevel.has(event));
    }

    /// What the seal is taken over.
    public String statement() {
        return String.join(
                "\n",
                "1",
                Boolean.toString(enabled),
                logLevel.wireName(),
                Integer.toString(retentionDays),
                Boolean.toString(includeRequestBody),
                Boolean.toString(includeResponseBody),
                String.join(",", events.stream().map(AuditEvent::wireName).toList()),
                cutBefore.toString(),
                at.toString());
    }

    public AuditPolicy sealedWith(String newSeal) {
        return new AuditPolicy(
                enabled,
                logLevel,
                retentionDays,
                includeRequestBody,
                includeResponseBody,
                events,
                cutBefore,
                newSeal,
                at);
    }

    private static Set<AuditEvent> ordered(Collection<AuditEvent> events) {
        Set<AuditEvent> ordered = EnumSet.noneOf(AuditEvent.class);
        ordered.addAll(requireNonNull(events, "events"));
        return ordered;
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
