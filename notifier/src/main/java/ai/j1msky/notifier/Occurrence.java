package ai.j1msky.notifier;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.webhook.WebhookEvent;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Something happened to an agent that endpoints may want to be told of.
///
/// @param state how the agent stands since; its order is known
/// @param task where the command with the sealed task stands
/// @param result the sealed result, or null when there is none
/// @param key the agent's data key
/// @param taken when the log took the record that brought it about
record Occurrence(
        WebhookEvent event,
        AgentState state,
        Position task,
        @Nullable SealedText result,
        WrappedKey key,
        Instant taken) {

    AgentOrder order() {
        return Objects.requireNonNull(state.order());
    }

    /// The same for the same thing, however often it is read.
    String name() {
        return order().agentId() + "/" + event.wireName();
    }
}
