package ai.j1msky.common.ledger;

import ai.j1msky.common.agent.AgentState;
import java.time.Instant;
import java.util.List;

/// One step's entries, so that the checks can be tried on broken versions too.
@FunctionalInterface
interface Settler {

    List<LedgerEntry> entries(AgentState before, AgentState after, Instant at);

    /// The product's own.
    static List<LedgerEntry> real(AgentState before, AgentState after, Instant at) {
        return Settlement.entries(before, after, at);
    }
}
