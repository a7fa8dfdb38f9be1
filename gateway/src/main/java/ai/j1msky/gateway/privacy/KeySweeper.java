package ai.j1msky.gateway.privacy;

import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.UnreadableException;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.audit.Audit;
import ai.j1msky.gateway.redis.RedisLink;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks through all data keys once an hour, in the gateway that owns the projection, and
///
/// - deletes those whose agents' time is over;
/// - wraps those anew that an older master key has wrapped;
/// - deletes again what was written after its deletion (a wrapping that crossed it);
/// - sees to it that what was deleted leaves the disks: Kafka's and Redis's files are written anew.
///
/// It keeps nothing: whoever takes over sees the same on the log.
public final class KeySweeper implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KeySweeper.class);
    private static final Duration FIRST = Duration.ofMinutes(2);
    private static final Duration EVERY = Duration.ofHours(1);

    /// A partition that has more to do is read again at once; so memory is bounded.
    private static final int MOST = 20_000;

    private final DataKeyLog keys;
    private final MasterKey master;
    private final Duration retention;
    private final BooleanSupplier isOwner;
    private final RedisLink redis;
    private final Audit audit;
    private final Clock clock;
    private final AtomicLong outdated = new AtomicLong();
    private final Thread thread =
            Thread.ofPlatform().name("key-sweeper").daemon().unstarted(this::run);
    private volatile Instant redisWritten = Instant.EPOCH;

    /// @param retention how long agents can be read of whom nothing else was said
    /// @param isOwner whether this gateway is the one that does it
    public KeySweeper(
            DataKeyLog keys,
            MasterKey master,
            Duration retention,
            BooleanSupplier isOwner,
            RedisLink redis,
            Audit audit,
            Clock clock) {
        this.keys = keys;
        this.master = master;
        this.retention = retention;
        this.isOwner = isOwner;
        this.redis = redis;
        this.audit = audit;
        this.clock = clock;
    }

    /// What one look through all keys did.
    ///
    /// @param expired keys deleted because their time was over
    /// @param rewrapped keys wrapped with the current master key
    /// @param deletedAgain keys that had come back
    public record Swept(int expired, int rewrapped, int deletedAgain) {
        Swept plus(Swept other) {
            return new Swept(
                    expired + other.expired,
                    rewrapped + other.rewrapped,
                    deletedAgain + other.deletedAgain);
        }
    }

    public void start() {
        thread.start();
    }

    /// How many keys an older master key had wrapped when it last looked, and could not be wrapped anew.
    public long outdated() {
        return outdated.get();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            Thread.sleep(FIRST);
            while (true) {
                if (isOwner.getAsBoolean()) {
                    sweepSafely();
                }
                Thread.sleep(EVERY);
            }
        } catch (InterruptedException stopped) {
            log.atDebug().log("no more sweeps");
        }
    }

    private void sweepSafely() {
        try {
            Swept swept = sweep();
            log.atInfo()
                    .addKeyValue("expired", swept.expired)
                    .addKeyValue("rewrapped", swept.rewrapped)
                    .addKeyValue("deletedAgain", swept.deletedAgain)
                    .log("data keys swept");
        } catch (KafkaException away) {
            log.atWarn().addKeyValue("cause", away.toString()).log("data keys not swept");
        } catch (RuntimeException failure) {
            log.atError()
                    .addKeyValue("cause", failure.getClass().getName())
                    .log("data keys not swept");
        }
    }

    /// Looks once. Blocks.
    ///
    /// @throws KafkaException when the log does not answer: what was done until then is done
    public Swept sweep() {
        Swept all = new Swept(0, 0, 0);
        Instant newestDeletion = Instant.EPOCH;
        long left = 0;
        try (DataKeyLog.Reader reader = keys.reader()) {
            for (TopicPartition partition : DataKeyLog.partitions()) {
                Look look;
                Swept swept;
                do {
                    look = new Look();
                    reader.read(partition, look);
                    swept = act(look);
                    all = all.plus(swept);
                    // A wrapping may have crossed a deletion.
                } while (swept.rewrapped > 0 || (look.isFull && swept.expired > 0));
                left += look.unreadable;
                pushOut(reader, partition, look);
                newestDeletion = later(newestDeletion, look.newestDeletion);
            }
        }
        outdated.set(left);
        if (all.expired > 0) {
            tell(all.expired);
            newestDeletion = clock.instant();
        }
        writeRedisAnew(newestDeletion);
        return all;
    }

    private Swept act(Look look) {
        keys.deleteAll(keysOf(look.expired));
        List<DataKeyEntry> anew = new ArrayList<>();
        for (DataKeyEntry entry : look.outdated.values()) {
            try {
                anew.add(
                        entry.rewrapped(
                                master.wrap(
                                        master.unwrap(entry.wrapped(), entry.agentId()),
                                        entry.agentId()),
                                clock.instant()));
            } catch (UnreadableException lost) {
                look.unreadable++;
            }
        }
        keys.replaceAll(anew);
        keys.deleteAll(keysOf(look.back));
        return new Swept(look.expired.size(), anew.size(), look.back.size());
    }

    private static List<DataKeyLog.Key> keysOf(Map<AgentId, DataKeyEntry> entries) {
        return entries.values().stream()
                .map(entry -> new DataKeyLog.Key(entry.agentId(), entry.accountId()))
                .toList();
    }

    /// The broker cleans what other records came after, in a file that it does not write to any more: where nothing is
    /// written, one more record is needed.
    private void pushOut(DataKeyLog.Reader reader, TopicPartition partition, Look look) {
        Instant due = clock.instant().minus(Topics.KEYS_GONE);
        Set<AgentId> longGone = new HashSet<>();
        look.deleted.forEach(
                (agent, at) -> {
                    if (at.isBefore(due)) {
                        longGone.add(agent);
                    }
                });
        if (longGone.isEmpty()) {
            return;
        }
        Map<AgentId, DataKeyEntry> lingering = new HashMap<>();
        reader.read(
                partition,
                new DataKeyLog.Visitor() {
                    @Override
                    public void key(DataKeyEntry entry) {
                        if (lingering.isEmpty() && longGone.contains(entry.agentId())) {
                            lingering.put(entry.agentId(), entry);
                        }
                    }

                    @Override
                    public void deleted(AgentId agent, Instant at) {
                        // It was read the first time.
                    }
                });
        keys.deleteAll(keysOf(lingering));
    }

    /// Redis's file has what was deleted until it is written anew.
    private void writeRedisAnew(Instant newestDeletion) {
        if (!newestDeletion.isAfter(redisWritten)) {
            return;
        }
        Instant now = clock.instant();
        CompletionStage<Void> _ =
                redis.commands()
                        .bgrewriteaof()
                        .thenAccept(begun -> redisWritten = now)
                        .exceptionally(
                                refused -> {
                                    log.atWarn()
                                            .addKeyValue("cause", refused.getMessage())
                                            .log("redis does not write its file anew");
                                    return null;
                                });
    }

    private void tell(int expired) {
        audit.record(
                audit.fact(AuditEvent.DATA_ERASED, AccountId.MAIN)
                        .with(
                                WireJson.MAPPER
                                        .createObjectNode()
                                        .put("reason", "retention")
                                        .put("agents", expired)));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    /// What there is to do on a partition.
    private final class Look implements DataKeyLog.Visitor {
        private final Map<AgentId, DataKeyEntry> expired = new HashMap<>();
        private final Map<AgentId, DataKeyEntry> outdated = new HashMap<>();
        private final Map<AgentId, DataKeyEntry> back = new HashMap<>();
        private final Map<AgentId, Instant> deleted = new HashMap<>();
        private final Instant now = clock.instant();
        private Instant newestDeletion = Instant.EPOCH;
        private boolean isFull;
        private int unreadable;

        @Override
        public void key(DataKeyEntry entry) {
            AgentId agent = entry.agentId();
            outdated.remove(agent);
            if (deleted.containsKey(agent)) {
                back.put(agent, entry);
            } else if (!until(entry).isAfter(now)) {
                put(expired, entry);
            } else if (!master.isCurrent(entry.wrapped())) {
                put(outdated, entry);
            }
        }

        private void put(Map<AgentId, DataKeyEntry> those, DataKeyEntry entry) {
            if (those.size() < MOST) {
                those.put(entry.agentId(), entry);
            } else {
                isFull = true;
            }
        }

        @Override
        public void deleted(AgentId agent, Instant at) {
            expired.remove(agent);
            outdated.remove(agent);
            back.remove(agent);
            deleted.put(agent, at);
            newestDeletion = later(newestDeletion, at);
        }

        private Instant until(DataKeyEntry entry) {
            Instant said = entry.until();
            return said == null ? entry.at().plus(retention) : said;
        }
    }
}
