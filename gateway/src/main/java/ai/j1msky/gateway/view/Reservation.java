package ai.j1msky.gateway.view;

import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.seal.WrappedKey;

/// What became of asking Redis for a place for a new agent.
public sealed interface Reservation {

    /// A place for a new agent.
    record Granted() implements Reservation {}

    /// The same request came before and its agent is on the log.
    ///
    /// @param state its state as JSON; empty when its view is gone
    record Replayed(AgentId agentId, String state) implements Reservation {}

    /// The same request came before and never finished: its agent is to be sent again.
    ///
    /// @param state the reserved state as JSON
    /// @param dataKey the key its task is sealed with
    record Unfinished(AgentId agentId, String state, WrappedKey dataKey) implements Reservation {}

    /// The same request came before, but nothing of it is left: reserve again, under this id.
    record Lapsed(AgentId agentId) implements Reservation {}

    /// The same request is being worked on right now.
    record InFlight() implements Reservation {}

    /// The `Idempotency-Key` belongs to another request.
    record Conflict() implements Reservation {}

    /// The key has as many agents as it may have.
    record TooMany() implements Reservation {}
}
