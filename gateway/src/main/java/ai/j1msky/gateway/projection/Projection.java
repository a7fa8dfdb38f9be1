package ai.j1msky.gateway.projection;

import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.Outcome;
import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.limit.Limiter;
import ai.j1msky.gateway.view.Freshness;
import ai.j1msky.gateway.view.StoredAgents;
import ai.j1msky.gateway.view.ViewWriter;
import ai.j1msky.gateway.view.ViewWriter.Marks;
import io.lettuce.core.RedisException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
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
    private static final TopicPartition USAGE = new TopicPartition(Topics.USAGE.name(), 0);
    private static final Duration POLL = Duration.ofMillis(100);

    /// What comes within this time is written together: under load that is many records, and agents that have ended
    /// meanwhile are written once.
    private static final Duration GATHERING = Duration.ofMillis(4);

    private static final Duration RETRY = Duration.ofMillis(500);
    private static final Duration NEW_END = Duration.ofMinutes(10);
    private static final Duration BURIED_WITHIN = Duration.ofSeconds(5);

    private final LogClients clients;
    private final LogWriter logWriter;
    private final LiveAgents agents;
    private final Folding folding;
    private final StoredAgents stored;
    private final OwnedViews views;
    private final Freshness freshness;
    private final Clock clock;
    private final java.util.function.Consumer<AgentState> onEnd;
    private final java.util.function.Consumer<BillingAlert> onAlert;
    private final Thread thread;

    /// Where the log ended when the sync began.
    private final Map<TopicPartition, Long> syncTo = new HashMap<>();

    private volatile boolean closed;
    private volatile boolean syncing = true;
    private volatile boolean following;

    /// @param onEnd told, by the owner alone, of each agent when its view says for the first time that it ended; must
    ///     not block
    /// @param onAlert told, by the owner alone, of each alert that it reads; must not block
    public Projection(
            LogClients clients,
            LogWriter logWriter,
            LiveAgents agents,
            ViewWriter writer,
            StoredAgents stored,
            Freshness freshness,
            AgencyConfig config,
            Limiter limiter,
            Clock clock,
            java.util.function.Consumer<AgentState> onEnd,
            java.util.function.Consumer<BillingAlert> onAlert) {
        this.clients = clients;
        this.logWriter = logWriter;
        this.agents = agents;
        this.folding = new Folding(agents);
        this.stored = stored;
        this.views =
                new OwnedViews(
                        writer,
                        new ViewRows(config.retention(), new SpawnTokens(limiter)),
                        freshness,
                        agents,
                        clock);
        this.freshness = freshness;
        this.clock = clock;
        this.onEnd = onEnd;
        this.onAlert = onAlert;
        this.thread = Thread.ofPlatform().name("projection").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /// Whether this gateway writes the views and is through with its sync.
    public boolean isOwner() {
        return views.isOwnerForSure() && !syncing;
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
            views.resign();
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
                                    Topics.SPAWN_WAITING,
                                    Topics.AGENT_EVENTS,
                                    Topics.DATA_KEYS,
                                    Topics.USAGE,
                                    Topics.BILLING_ALERTS)
                            .flatMap(topic -> consumer.partitionsFor(topic.name()).stream())
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            views.claim();
            sync(consumer, partitions);
            while (!closed) {
                if (views.claim() || views.isLost()) {
                    sync(consumer, partitions);
                }
                step(consumer);
            }
        }
    }

    /// Goes back to where Redis is and takes the live agents that it knows.
    private void sync(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        boolean before = syncing;
        // Nobody acts on a memory that is being filled.
        syncing = true;
        Marks there;
        try {
            there = views.marks();
            long now = System.nanoTime();
            stored.forEach((id, agent) -> agents.addMissing(id, revived(agent, now)));
        } catch (RedisException away) {
            if (following) {
                syncing = before;
                views.lose();
                return;
            }
            throw away;
        }
        syncTo.clear();
        syncTo.putAll(consumer.endOffsets(partitions));
        views.resume(there, syncTo)
                .forEach(
                        (partition, from) ->
                                from.ifPresentOrElse(
                                        offset -> consumer.seek(partition, offset),
                                        () -> consumer.seekToBeginning(List.of(partition))));
        // Balances first: whatever is in them need not be set aside on the way.
        consumer.pause(partitions);
        consumer.resume(List.of(USAGE));
    }

    /// A stored agent with its age on this process's monotonic clock.
    private static LiveAgent revived(StoredAgents.Stored agent, long now) {
        return LiveAgent.UNKNOWN
                .with(agent.state(), agent.command(), now)
                .aged(agent.waited(), agent.ran());
    }

    private void step(Consumer<byte[], byte[]> consumer) {
        if (!consumer.paused().isEmpty() && isThrough(consumer, USAGE)) {
            consumer.resume(consumer.paused());
        }
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        preload(records);
        Batch batch = folding.fold(records, syncing);
        setAside(batch);
        boolean through =
                syncing && syncTo.keySet().stream().allMatch(each -> isThrough(consumer, each));
        if (views.isOwner() && !views.isLost()) {
            Collection<TopicPartition> read = through ? syncTo.keySet() : records.partitions();
            views.write(
                            batch,
                            read.stream().collect(Collectors.toMap(p -> p, consumer::position)),
                            syncing,
                            through)
                    .ifPresent(endedBefore -> tell(batch, endedBefore));
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
        if (!syncing && !records.isEmpty()) {
            LockSupport.parkNanos(GATHERING.toNanos());
        }
    }

    private boolean isThrough(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        return consumer.position(partition) >= syncTo.getOrDefault(partition, 0L);
    }

    /// Only the owner gets here, and only once for each agent: its view had not ended before. What a flushed Redis
    /// makes seem new is told by its age.
    private void tell(Batch batch, List<String> endedBefore) {
        Instant young = clock.instant().minus(NEW_END);
        batch.alerts().stream()
                .filter(alert -> !syncing || alert.at().isAfter(young))
                .forEach(onAlert);
        batch.changes()
                .forEach(
                        (id, change) -> {
                            Outcome outcome = change.state().outcome();
                            if (outcome != null
                                    && change.state().order() != null
                                    && !endedBefore.contains(id.value())
                                    && (!syncing || outcome.at().isAfter(young))) {
                                onEnd.accept(change.state());
                            }
                        });
    }

    /// Records that nobody can use are dead letters before the place behind them is written; when they cannot be
    /// written, all is read again from the place before.
    private void setAside(Batch batch) {
        for (Batch.Poison poison : batch.poison()) {
            log.atError()
                    .addKeyValue("topic", poison.record().topic())
                    .addKeyValue("partition", poison.record().partition())
                    .addKeyValue("offset", poison.record().offset())
                    .addKeyValue("reason", poison.reason())
                    .log("record set aside");
        }
        if (views.isOwner()) {
            CompletableFuture.allOf(
                            batch.poison().stream()
                                    .map(p -> logWriter.bury(p.topic(), p.record(), p.reason()))
                                    .toArray(CompletableFuture[]::new))
                    .orTimeout(BURIED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    /// What Redis knows of an agent comes before what its records say. Its events may have been folded by a gateway
    /// that stopped before it read the command; and an event that is read before its command needs the reservation,
    /// because a view that knows its order is never overwritten by a state that does not.
    private void preload(ConsumerRecords<byte[], byte[]> records) {
        long now = System.nanoTime();
        try {
            stored.read(
                    folding.unknownAgents(records, syncing),
                    (id, agent) -> agents.addMissing(id, revived(agent, now)));
        } catch (RedisException away) {
            // Nothing can be written either: all is read again from where Redis is.
            views.lose();
        }
    }

    private void endSync() {
        syncing = false;
        if (!following) {
            log.atInfo()
                    .addKeyValue("liveAgents", agents.count())
                    .addKeyValue("owner", views.isOwner())
                    .log("caught up with the log");
        }
        following = true;
        // Whoever wrote it, a Redis with less than the log had when this sync began is not up to
        // date.
        freshness.saw(syncTo.values().stream().mapToLong(Long::longValue).sum());
        freshness.open();
    }
}
