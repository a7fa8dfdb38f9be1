package ai.j1msky.gateway.audit.chain;

import ai.j1msky.common.log.LogClients;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Reads a topic of one partition from its beginning to the end that it has now. Blocking.
final class TopicScan {

    private static final Duration POLL = Duration.ofMillis(200);

    private TopicScan() {}

    /// @param deadline when to give up, as [System#nanoTime] tells the time
    /// @throws KafkaException when the log does not answer, or not in time
    static void all(
            LogClients clients,
            String topic,
            long deadline,
            Consumer<ConsumerRecord<byte[], byte[]>> each) {
        TopicPartition partition = new TopicPartition(topic, 0);
        org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> reader =
                clients.reader("audit-scan");
        try {
            reader.assign(List.of(partition));
            long end = reader.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            reader.seekToBeginning(List.of(partition));
            while (reader.position(partition) < end) {
                if (System.nanoTime() > deadline) {
                    throw new KafkaException("the log did not answer in time");
                }
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                    if (record.offset() < end) {
                        each.accept(record);
                    }
                }
            }
        } finally {
            // By itself it would wait for a broker that does not answer.
            reader.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
