package ai.j1msky.gateway.auditlog;

import ai.j1msky.common.audit.AuditAnchor;
import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.Topic;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.TestAgency;
import ai.j1msky.gateway.TestKeys;
import ai.j1msky.gateway.audit.chain.AnchorSeal;
import ai.j1msky.gateway.audit.chain.Breach;
import ai.j1msky.gateway.audit.chain.ChainCheck;
import ai.j1msky.gateway.audit.chain.ChainVerifier;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// A copy of the real audit topics under other names, which an attacker with full access to Kafka may change.
final class CopiedLog {

    private static final URI SOURCE = URI.create("/test");

    private final LogClients clients;
    private final Topic<AuditEntry> entries;
    private final Topic<AuditAnchor> anchors;

    /// @param attack what is done to the entries before they are written
    CopiedLog(TestAgency agency, Consumer<List<AuditEntry>> attack) throws Exception {
        clients = agency.clients;
        String name = "copy-" + UUID.randomUUID();
        entries = new Topic<>(name, 1, Topics.AUDIT.keep(), Topics.AUDIT.types());
        anchors =
                new Topic<>(
                        name + ".anchors",
                        1,
                        Topics.AUDIT_ANCHORS.keep(),
                        Topics.AUDIT_ANCHORS.types());
        try (Admin admin = clients.admin()) {
            TopicSetup.ensure(admin, List.of(entries, anchors));
        }
        List<AuditEntry> copy = new ArrayList<>(agency.read(Topics.AUDIT));
        attack.accept(copy);
        EntryCodec<AuditEntry> entryCodec = new EntryCodec<>(entries);
        EntryCodec<AuditAnchor> anchorCodec = new EntryCodec<>(anchors);
        write(copy.stream().map(entry -> entryCodec.write(entry, SOURCE)).toList());
        write(
                agency.read(Topics.AUDIT_ANCHORS).stream()
                        .map(anchor -> anchorCodec.write(anchor, SOURCE))
                        .toList());
    }

    private void write(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
        try (Producer<byte[], byte[]> producer =
                clients.producer(Duration.ofSeconds(20), List.of(entries.name(), anchors.name()))) {
            for (ProducerRecord<byte[], byte[]> record : records) {
                producer.send(record).get(20, TimeUnit.SECONDS);
            }
        }
    }

    /// Has Kafka itself delete the oldest records.
    void deleteOldest(long records) throws Exception {
        try (Admin admin = clients.admin()) {
            admin.deleteRecords(
                            Map.of(
                                    new TopicPartition(entries.name(), 0),
                                    RecordsToDelete.beforeOffset(records)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    /// Writes bytes that are no entry.
    void writeNoise() throws Exception {
        write(List.of(new ProducerRecord<>(entries.name(), new byte[] {1}, new byte[] {2})));
    }

    /// What a verification finds, or null.
    @Nullable Breach breach(Instant cutoff) {
        ChainVerifier verifier =
                new ChainVerifier(clients, new AnchorSeal(TestKeys.MASTER), entries, anchors);
        ChainCheck.Broken broken =
                verifier.verify(cutoff, System.nanoTime() + Duration.ofSeconds(60).toNanos())
                        .broken();
        return broken == null ? null : broken.breach();
    }
}
