package ai.j1msky.worker.pull;

import ai.j1msky.common.agent.Deferral;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.worker.provider.Choice;
import ai.j1msky.worker.provider.ProviderTable;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// One record on its way through the intake, by one thread.
final class Task {

    private final ConsumerRecord<byte[], byte[]> record;
    private final SpawnCommand command;
    private final Set<String> spent = new HashSet<>();
    private Choice.@Nullable Blocked blocked;
    private @Nullable AcknowledgeType decision;

    Task(ConsumerRecord<byte[], byte[]> record, SpawnCommand command) {
        this.record = record;
        this.command = command;
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    SpawnCommand command() {
        return command;
    }

    /// Who would run it now; empty when everybody who could is to be left alone: then [#blocked] says for how long.
    Optional<Choice.Made> choose(ProviderTable providers) {
        blocked = spent.isEmpty() ? null : blocked;
        Optional<Choice> choice =
                providers.choose(command.order(), command.task().value().length(), spent);
        if (choice.orElse(null) instanceof Choice.Made made) {
            return Optional.of(made);
        }
        if (choice.orElse(null) instanceof Choice.Blocked by) {
            blocked = Choice.Blocked.sooner(blocked, by);
        }
        return Optional.empty();
    }

    /// That provider has no call left in this hour.
    void spent(String provider, Duration wait) {
        spent.add(provider);
        blocked =
                Choice.Blocked.sooner(
                        blocked, new Choice.Blocked(Deferral.Reason.PROVIDER_BUDGET, wait));
    }

    Choice.@Nullable Blocked blocked() {
        return blocked;
    }

    boolean isDecided() {
        return decision != null;
    }

    /// How the record is to be acknowledged; released when nothing else was decided.
    AcknowledgeType decision() {
        return decision == null ? AcknowledgeType.RELEASE : decision;
    }

    void decide(AcknowledgeType how) {
        decision = how;
    }
}
