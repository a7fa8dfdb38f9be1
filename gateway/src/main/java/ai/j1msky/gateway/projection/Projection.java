package ai.j1msky.gateway.projection;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.view.Freshness;
import ai.j1msky.gateway.view.StoredAgents;
import ai.j1msky.gateway.view.ViewWriter;
import ai.j1msky.gateway.view.ViewWriter.Marks;
import ai.j1msky.gateway.view.ViewWriter.Progress;
import ai.j1msky.gateway.view.ViewWriter.Written;
import io.lettuce.core.RedisException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that follows the log. In every gateway it folds live agents in memory; in the one that owns the
/// projection it also writes views, with how far it has read beside them. There is no other record of the place: Redis
/// itself says where to go on, so a flushed or an older Redis is simply a projection that is behind.
///
/// A *sync* reads from that place up to the end that the log had when it began. It is done at the start, on taking
/// over, and when Redis turns out not to be what it was; in that last case requests get 503 until it is through.
public final class Projection implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Projection.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration OWNER_CHECK = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final long NOT_WRITTEN = -1;

    private final LogClients clients;
    private final LiveAgents agents;
    private final Folding folding;
    private final ViewRows rows;
    private final ViewWriter writer;
    private final StoredAgents stored;
    private final Freshness freshness;
    private final Clock clock;
    private final Thread thread;

    /// What Redis says it has, per partition, as this gateway last wrote or read it.
    private final Map<TopicPartition, Long> marks = new HashMap<>();

    private final Map<TopicPartition, Long> syncTo = new HashMap<>();
    private volatile boolean closed;
    private volatile boolean owner;
    private volatile boolean syncing;
    private volatile boolean following;
    private boolean answering;
    private long nextOwnerCheck;

    public Projection(
            LogClients clients,
            LogWriter logWriter,
            LiveAgents agents,
            ViewWriter writer,
            StoredAgents stored,
            Freshness freshness,
            Duration retention,
            Clock clock) {
        this.clients = clients;
        this.agents = agents;
        this.writer = writer;
        this.stored = stored;
        this.freshness = freshness;
        this.clock = clock;
        this.rows = new ViewRows(retention);
        this.folding =
                new Folding(
                        agents,
                        (topic, record, reason) -> {
                            log.atError()
                                    .addKeyValue("topic", record.topic())
                                    .addKeyValue("partition", record.partition())
                                    .addKeyValue("offset", record.offset())
                                    .addKeyValue("reason", reason)
                                    .log("record set aside");
                            if (owner) {
                                logWriter
                                        .bury(topic, record, reason)
                                        .exceptionally(
                                                lost -> {
                                                    log.atError().log("dead letter not written");
                                                    return null;
                                                });
                            }
                        });
        this.thread = Thread.ofPlatform().name("projection").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /// Whether this gateway writes the views and is through with its sync.
    public boolean isOwner() {
        return owner && !syncing;
    }

    /// Whether this gateway knows all live agents: it has once caught up with the log.
    public boolean isFollowing() {
        return following;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(Duration.ofSeconds(5));
            if (owner) {
                writer.resign();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RedisException away) {
            // The ownership lapses by itself.
        }
    }

    private void run() {
        while (!closed) {
            try {
                follow();
            } catch (RuntimeException failure) {
                // Whatever it is: without this thread nobody would see another end.
                log.atWarn()
                        .addKeyValue("cause", failure.getClass().getName())
                        .log("projection starts again");
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
    }

    private void follow() {
        try (Consumer<byte[], byte[]> consumer = clients.reader("projection")) {
            List<TopicPartition> partitions =
                    Stream.of(
                                    Topics.SPAWN_HIGH,
                                    Topics.SPAWN_NORMAL,
                                    Topics.SPAWN_LOW,
                                    Topics.AGENT_EVENTS,
                                    Topics.DATA_KEYS)
                            .flatMap(topic -> consumer.partitionsFor(topic.name()).stream())
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            checkOwner();
            sync(consumer, partitions);
            while (!closed) {
                if (checkOwner() || (owner && marks.isEmpty())) {
                    sync(consumer, partitions);
                }
                step(consumer, partitions);
            }
        }
    }

    /// True when this gateway has just become the owner. Without Redis nothing changes: whoever owns it cannot write
    /// either.
    private boolean checkOwner() {
        if (System.nanoTime() < nextOwnerCheck) {
            return false;
        }
        nextOwnerCheck = System.nanoTime() + OWNER_CHECK.toNanos();
        boolean before = owner;
        try {
            owner = writer.becomeOwner();
            if (owner && !marks.isEmpty() && !redisIsWhatItWas()) {
                log.atWarn().log("redis was flushed or is older than it was; rebuilding its views");
                answering = false;
                marks.clear();
            }
        } catch (RedisException away) {
            return false;
        }
        return owner && !before;
    }

    private boolean redisIsWhatItWas() {
        Map<String, Long> now = writer.marks().offsets();
        return marks.entrySet().stream()
                .allMatch(
                        mark ->
                                mark.getValue()
                                        .equals(
                                                now.getOrDefault(
                                                        mark.getKey().toString(), NOT_WRITTEN)));
    }

    /// Goes back to where Redis is and takes the live agents that it knows.
    private void sync(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        Marks there;
        try {
            there = writer.marks();
            long now = System.nanoTime();
            Instant wall = clock.instant();
            stored.forEach((id, agent) -> agents.addMissing(id, revived(agent, now, wall)));
        } catch (RedisException away) {
            if (following) {
                marks.clear();
                return;
            }
            throw away;
        }
        answering = there.complete() && (answering || !following);
        syncTo.clear();
        syncTo.putAll(consumer.endOffsets(partitions));
        marks.clear();
        for (TopicPartition partition : partitions) {
            Long mark = there.offsets().get(partition.toString());
            if (mark == null || mark > syncTo.getOrDefault(partition, 0L)) {
                // Never written, or the log lost its end: Redis cannot be right.
                answering = false;
                consumer.seekToBeginning(List.of(partition));
                marks.put(partition, mark == null ? NOT_WRITTEN : mark);
            } else {
                consumer.seek(partition, mark);
                marks.put(partition, mark);
            }
        }
        syncing = true;
    }

    /// A stored agent's age on the monotonic clock; never older than the wall clock can tell, never in the future.
    private static LiveAgent revived(StoredAgents.Stored agent, long now, Instant wall) {
        AgentState state = agent.state();
        LiveAgent live = LiveAgent.UNKNOWN.with(state, agent.command(), now);
        Duration waited =
                state.order() == null ? Duration.ZERO : since(state.order().created(), wall);
        Instant started = state.started();
        return live.aged(waited, started == null ? Duration.ZERO : since(started, wall));
    }

    private static Duration since(Instant then, Instant now) {
        Duration passed = Duration.between(then, now);
        return passed.isNegative() ? Duration.ZERO : passed;
    }

    private void step(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        if (syncing) {
            preload(records);
        }
        Batch batch = folding.fold(records, syncing);
        boolean through =
                syncing
                        && partitions.stream()
                                .allMatch(p -> consumer.position(p) >= syncTo.getOrDefault(p, 0L));
        if (owner && !marks.isEmpty()) {
            write(
                    consumer,
                    through ? partitions : List.copyOf(records.partitions()),
                    batch,
                    through);
        }
        if (through) {
            endSync();
        }
        for (Map.Entry<AgentId, Batch.Change> changed : batch.changes().entrySet()) {
            AgentState state = changed.getValue().state();
            if (state.isTerminal() && state.order() != null) {
                agents.tellEnded(changed.getKey(), state);
            }
        }
    }

    /// While reading old records, what Redis already knows of an agent comes first: its events may have been folded
    /// before, by a gateway that stopped before it read the command.
    private void preload(ConsumerRecords<byte[], byte[]> records) {
        List<AgentOrder> unknown = folding.unknownOrders(records);
        long now = System.nanoTime();
        stored.read(
                unknown,
                (id, agent) ->
                        agents.addMissing(
                                id, LiveAgent.UNKNOWN.with(agent.state(), agent.command(), now)));
    }

    private void endSync() {
        syncing = false;
        if (!following) {
            log.atInfo()
                    .addKeyValue("liveAgents", agents.count())
                    .addKeyValue("owner", owner)
                    .log("caught up with the log");
        }
        following = true;
        freshness.open();
    }

    private void write(
            Consumer<byte[], byte[]> consumer,
            List<TopicPartition> touched,
            Batch batch,
            boolean through) {
        if (batch.isEmpty() && touched.isEmpty()) {
            return;
        }
        List<Progress> progress = new ArrayList<>();
        for (TopicPartition partition : touched) {
            Long mark = marks.get(partition);
            progress.add(
                    new Progress(
                            partition.toString(),
                            mark == null || mark == NOT_WRITTEN ? null : mark,
                            consumer.position(partition)));
        }
        try {
            Written written =
                    writer.write(
                            rows.agents(batch, clock.instant()),
                            ViewRows.dataKeys(batch),
                            progress,
                            answering || through);
            settle(written, consumer, touched, through);
        } catch (RedisException away) {
            // What was folded stays in memory; the views are written again from where Redis is.
            marks.clear();
        }
    }

    private void settle(
            Written written,
            Consumer<byte[], byte[]> consumer,
            List<TopicPartition> touched,
            boolean through) {
        switch (written) {
            case Written.Done(List<String> endedBefore) -> {
                endedBefore.forEach(id -> agents.drop(new AgentId(id)));
                touched.forEach(p -> marks.put(p, consumer.position(p)));
                if (through) {
                    if (!answering) {
                        freshness.rebuiltTo(writer.total());
                    }
                    answering = true;
                }
            }
            case Written.Fenced() -> {
                owner = false;
                marks.clear();
            }
            case Written.Stale() -> {
                answering = false;
                marks.clear();
            }
        }
    }
}
