package ai.j1msky.gateway.audit.chain;

import ai.j1msky.common.log.LogClients;
import ai.j1msky.gateway.reading.Stretch;
import ai.j1msky.gateway.reading.StretchReader;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Reads a topic of one partition from its beginning to the end that it has now. Blocking.
final class TopicScan {

    private TopicScan() {}

    /// @param deadline when to give up, as [System#nanoTime] tells the time
    /// @throws KafkaException when the log does not answer, or not in time
    static void all(
            LogClients clients,
            String topic,
            long deadline,
            Consumer<ConsumerRecord<byte[], byte[]>> each) {
        Stretch whole = Stretch.whole(new TopicPartition(topic, 0));
        try (StretchReader reader =
                StretchReader.open(clients.reader("audit-scan"), whole, deadline)) {
            while (!reader.isAtEnd()) {
                reader.next().forEach(each);
            }
        }
    }
}
