package ai.j1msky.billing;

/// How billing begins again after a crash: as it should, and as it must not.
enum Restart {
    REAL,
    /// From the committed offsets, without the agents that were open.
    FORGETS_WHO_IS_OPEN,
    /// Without a look at the ledger.
    FORGETS_WHO_WAS_SETTLED,
    /// Writes again what the records before the committed offsets move.
    WRITES_THE_REPLAY,
    /// Commits how far it read, and then writes what that moved.
    COMMITS_BEFORE_IT_WRITES,
    /// Writes, and then commits how far it read.
    WRITES_BEFORE_IT_COMMITS
}
