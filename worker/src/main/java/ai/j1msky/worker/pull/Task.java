package ai.j1msky.worker.pull;

import ai.j1msky.common.agent.SpawnCommand;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// One record on its way through the intake, by one thread.
final class Task {

    private final ConsumerRecord<byte[], byte[]> record;
    private final SpawnCommand command;
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
