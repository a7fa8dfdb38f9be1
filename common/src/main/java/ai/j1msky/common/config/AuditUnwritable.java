package ai.j1msky.common.config;

/// What happens to changes while the audit log cannot be written.
public enum AuditUnwritable {

    /// They go on; what cannot be kept until it can be written is counted and said in the log.
    OPEN,

    /// They are refused, except those that only end something.
    CLOSED;

    static AuditUnwritable named(String word) {
        return "closed".equals(word) ? CLOSED : OPEN;
    }
}
