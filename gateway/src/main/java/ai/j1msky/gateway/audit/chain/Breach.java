package ai.j1msky.gateway.audit.chain;

/// What can be wrong with the audit log; the sentence says what was found.
public enum Breach {
    EDITED("An entry is not what was written."),
    MISSING("An entry is missing between two others."),
    REORDERED("Entries do not stand in the order in which they were written."),
    REPEATED("An entry stands there twice."),
    CUT_AT_START("The beginning of a chain is missing, and it is too young to have expired."),
    CUT_AT_END("The end of a chain is missing."),
    CHAIN_MISSING("A whole chain is missing, and it is too young to have expired."),
    NOT_ANCHORED("No anchor vouches for an entry: no gateway wrote it, or its anchor was removed."),
    ANCHOR_FORGED("An anchor was not made with this installation's master key."),
    ANCHOR_SET_BACK("An anchor is older than one that was there before."),
    UNREADABLE("A record cannot be read as an entry.");

    private final String sentence;

    Breach(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }

    /// Whether a reader also sees this for a moment while a transaction becomes visible on one topic and not yet on
    /// the other; then looking again tells.
    boolean mayPass() {
        return this == CUT_AT_END || this == CHAIN_MISSING || this == NOT_ANCHORED;
    }
}
