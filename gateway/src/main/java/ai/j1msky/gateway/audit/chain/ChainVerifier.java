package ai.j1msky.gateway.audit.chain;

import ai.j1msky.common.audit.AuditAnchor;
import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.audit.ChainId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.log.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Reads the whole audit log and checks it. Remembers how far each anchor was: within one life of a gateway, none can
/// be set back unseen. Blocking.
public final class ChainVerifier {

    private static final int LOOKS = 4;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(700);

    private final LogClients clients;
    private final AnchorSeal seal;
    private final String entriesTopic;
    private final String anchorsTopic;
    private final EntryCodec<AuditEntry> entries;
    private final EntryCodec<AuditAnchor> anchors;
    private final Map<ChainId, Long> reached = new ConcurrentHashMap<>();

    public ChainVerifier(
            LogClients clients,
            AnchorSeal seal,
            Topic<AuditEntry> entries,
            Topic<AuditAnchor> anchors) {
        this.clients = clients;
        this.seal = seal;
        this.entriesTopic = entries.name();
        this.anchorsTopic = anchors.name();
        this.entries = new EntryCodec<>(entries);
        this.anchors = new EntryCodec<>(anchors);
    }

    /// @param cutoff what is older may have expired
    /// @param deadline when to give up, as [System#nanoTime] tells the time
    /// @throws org.apache.kafka.common.KafkaException when the log cannot be read
    public ChainCheck.Result verify(Instant cutoff, long deadline) {
        ChainCheck.Result result = look(cutoff, deadline);
        for (int look = 1; look < LOOKS && result.mayPass(); look++) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            result = look(cutoff, deadline);
        }
        return result;
    }

    private ChainCheck.Result look(Instant cutoff, long deadline) {
        ChainCheck check = new ChainCheck(readAnchors(deadline), cutoff);
        TopicScan.all(
                clients,
                entriesTopic,
                deadline,
                record -> {
                    if (entries.read(record)
                            instanceof ReadResult.Entry<AuditEntry>(AuditEntry entry)) {
                        check.accept(entry);
                    } else {
                        check.unreadable(record.offset());
                    }
                });
        Anchors after = readAnchors(deadline);
        return check.finish(after);
    }

    private Anchors readAnchors(long deadline) {
        Anchors read = new Anchors(seal::isGenuine);
        TopicScan.all(clients, anchorsTopic, deadline, record -> read.accept(anchors.read(record)));
        read.requireAtLeast(reached);
        read.all().forEach(anchor -> reached.merge(anchor.chain(), anchor.count(), Math::max));
        return read;
    }
}
