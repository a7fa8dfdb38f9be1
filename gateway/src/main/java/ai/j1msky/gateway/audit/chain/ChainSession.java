package ai.j1msky.gateway.audit.chain;

import ai.j1msky.common.audit.AuditAnchor;
import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.audit.ChainId;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.topic.Topics;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One chain and the producer that writes it. After a failure it is of no use any more. For one thread.
final class ChainSession implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final URI SOURCE = URI.create("/j1msky/gateway");

    /// Chains that a new one vouches for; the newest, so that removing one of them shows.
    private static final int WITNESSED = 20;

    private static final EntryCodec<AuditEntry> ENTRIES = new EntryCodec<>(Topics.AUDIT);
    private static final EntryCodec<AuditAnchor> ANCHORS = new EntryCodec<>(Topics.AUDIT_ANCHORS);

    private final Producer<byte[], byte[]> producer;
    private final AnchorSeal seal;
    private final AnchorSeal.MacKey key;
    private final Chain chain;
    private final AuditFact start;

    private ChainSession(
            Producer<byte[], byte[]> producer, AnchorSeal seal, ChainId id, AuditFact start) {
        this.producer = producer;
        this.seal = seal;
        this.key = seal.keyFor(id);
        this.chain = new Chain(id);
        this.start = start;
    }

    /// @throws org.apache.kafka.common.KafkaException when the log does not answer
    static ChainSession open(
            LogClients clients, AnchorSeal seal, WorkerId life, int number, Instant now) {
        AuditFact start =
                AuditFact.of(AuditEvent.AUDIT_START, AccountId.MAIN, now)
                        .about("node", life.node().value())
                        .with(witnessed(clients, seal));
        Producer<byte[], byte[]> producer = clients.transactional("j1msky.audit." + life, PATIENCE);
        try {
            producer.initTransactions();
            return new ChainSession(producer, seal, ChainId.of(life, number), start);
        } catch (RuntimeException away) {
            producer.close(Duration.ZERO);
            throw away;
        }
    }

    private static ObjectNode witnessed(LogClients clients, AnchorSeal seal) {
        Anchors there = new Anchors(seal::isGenuine);
        TopicScan.all(
                clients,
                Topics.AUDIT_ANCHORS.name(),
                System.nanoTime() + PATIENCE.toNanos(),
                record -> there.accept(ANCHORS.read(record)));
        ObjectNode details = WireJson.MAPPER.createObjectNode();
        ArrayNode chains = details.putArray(ChainCheck.WITNESSED);
        there.all().stream()
                .sorted(Comparator.comparing(AuditAnchor::at).reversed())
                .limit(WITNESSED)
                .forEach(anchor -> chains.add(anchor.chain() + ":" + anchor.count()));
        return details;
    }

    /// Writes the facts and the anchor that counts them: all or nothing.
    ///
    /// @throws org.apache.kafka.common.KafkaException when that is not certain
    void write(List<AuditFact> facts) {
        producer.beginTransaction();
        if (chain.count() == 0) {
            send(ENTRIES.write(chain.next(start), SOURCE));
        }
        for (AuditFact fact : facts) {
            send(ENTRIES.write(chain.next(fact), SOURCE));
        }
        send(ANCHORS.write(seal.anchor(chain, key), SOURCE));
        producer.commitTransaction();
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        // The commit waits for it and fails with it.
        Future<RecordMetadata> _ = producer.send(record);
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
