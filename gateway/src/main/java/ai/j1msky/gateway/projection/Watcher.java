package ai.j1msky.gateway.projection;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.Attempt;
import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.RecordReader;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.view.StoredAgents;
import io.lettuce.core.RedisException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends what would hang. Twice a second, in the gateway that owns the projection: agents that waited or ran too long
/// fail, attempts of workers that are gone are lost, and what lost its worker or its place in the queue is sent
/// again. It only writes records; the fold decides what they mean, so writing one twice does no harm.
public final class Watcher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Watcher.class);

    /// A lease that lapsed is seen with the first look, is over with the second, and the agent is sent again with the
    /// third: its next attempt begins within 8 s, of which the lease takes 5.
    private static final Duration TICK = Duration.ofMillis(500);

    /// A worker ends its own agents in time; this much later somebody else does.
    private static final Duration TIMEOUT_GRACE = Duration.ofSeconds(10);

    /// After Redis was away nobody is declared dead for one lease and a bit.
    private static final Duration LEASE_GRACE = Duration.ofSeconds(6);

    /// A record that was sent again is not sent once more within this time.
    private static final Duration RESEND_PAUSE = Duration.ofSeconds(10);

    /// After the log was away workers get this long to send what ended meanwhile, before anybody is late.
    private static final Duration LOG_GRACE = Duration.ofSeconds(15);

    private static final Duration ORPHAN_KEPT = Duration.ofMinutes(10);

    private final LiveAgents agents;
    private final Projection projection;
    private final StoredAgents redis;
    private final QueueFront queue;
    private final LogWriter writer;
    private final RecordReader records;
    private final Duration queueTime;
    private final Clock clock;
    private final EntryCodec<AgentEvent> events = new EntryCodec<>(Topics.AGENT_EVENTS);
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("watcher").daemon().factory());
    private final Set<WorkerId> missing = new HashSet<>();
    private final Map<AgentId, Long> sentAgain = new HashMap<>();
    private long redisSteadySince = System.nanoTime();

    public Watcher(
            LiveAgents agents,
            Projection projection,
            StoredAgents redis,
            QueueFront queue,
            LogWriter writer,
            RecordReader records,
            Duration queueTime,
            Clock clock) {
        this.agents = agents;
        this.projection = projection;
        this.redis = redis;
        this.queue = queue;
        this.writer = writer;
        this.records = records;
        this.queueTime = queueTime;
        this.clock = clock;
    }

    public void start() {
        ScheduledFuture<?> _ =
                timer.scheduleWithFixedDelay(
                        this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        queue.close();
        records.close();
    }

    private void tick() {
        try {
            agents.dropOrphans(System.nanoTime() - ORPHAN_KEPT.toNanos());
            if (!projection.isOwner()) {
                redisSteadySince = System.nanoTime();
                missing.clear();
                return;
            }
            long now = System.nanoTime();
            sentAgain.values().removeIf(at -> now - at > RESEND_PAUSE.toNanos());
            List<Map.Entry<AgentId, LiveAgent>> live = List.copyOf(agents.all());
            QueueFront.Passed passed = queue.look(now);
            failOverdue(live, now, queue.answering(System.nanoTime()).compareTo(LOG_GRACE) > 0);
            loseAbandoned(live, now);
            sendAgain(live, passed, now);
        } catch (KafkaException away) {
            log.atDebug().addKeyValue("cause", away.toString()).log("watcher waits for the log");
        } catch (RuntimeException failure) {
            log.atError().addKeyValue("cause", failure.toString()).log("watcher step failed");
        }
    }

    /// @param runningToo false while an end that a worker could not report yet may still come
    private void failOverdue(
            List<Map.Entry<AgentId, LiveAgent>> live, long now, boolean runningToo) {
        for (Map.Entry<AgentId, LiveAgent> entry : live) {
            LiveAgent agent = entry.getValue();
            AgentOrder order = agent.state().order();
            // A team ends when its agents have, each in its time.
            if (order == null || order.team() != null) {
                continue;
            }
            Duration timeout = Duration.ofSeconds(order.timeoutSeconds()).plus(TIMEOUT_GRACE);
            if (agent.started() == 0 && now - agent.seen() > queueTime.toNanos()) {
                fail(order, FailureReason.QUEUE_EXPIRED);
            } else if (runningToo
                    && agent.started() != 0
                    && now - agent.started() > timeout.toNanos()) {
                fail(order, FailureReason.TIMEOUT);
            }
        }
    }

    private void fail(AgentOrder order, FailureReason reason) {
        append(
                new AgentEvent.AgentFailed(
                        order.agentId(),
                        order.accountId(),
                        0,
                        null,
                        reason,
                        Usage.NONE,
                        Metering.REPORTED,
                        Money.ZERO,
                        clock.instant()));
    }

    private void loseAbandoned(List<Map.Entry<AgentId, LiveAgent>> live, long now) {
        Map<WorkerId, List<AgentState>> byWorker = new HashMap<>();
        for (Map.Entry<AgentId, LiveAgent> entry : live) {
            AgentState state = entry.getValue().state();
            Optional<Attempt> running = state.running();
            if (running.isPresent() && state.order() != null) {
                byWorker.computeIfAbsent(running.get().workerId(), w -> new ArrayList<>())
                        .add(state);
            }
        }
        List<WorkerId> workers = List.copyOf(byWorker.keySet());
        List<Boolean> alive;
        try {
            alive = redis.alive(workers.stream().map(RedisKeys::lease));
        } catch (RedisException away) {
            redisSteadySince = System.nanoTime();
            missing.clear();
            return;
        }
        Set<WorkerId> gone = new HashSet<>();
        for (int i = 0; i < workers.size(); i++) {
            if (!alive.get(i)) {
                gone.add(workers.get(i));
            }
        }
        if (now - redisSteadySince > LEASE_GRACE.toNanos()) {
            // Missed twice in a row: one look may fall between a worker's start and its first
            // lease.
            gone.stream().filter(missing::contains).forEach(worker -> lose(worker, byWorker));
        }
        missing.clear();
        missing.addAll(gone);
    }

    private void lose(WorkerId worker, Map<WorkerId, List<AgentState>> byWorker) {
        List<AgentState> lost = byWorker.getOrDefault(worker, List.of());
        log.atWarn()
                .addKeyValue("workerId", worker)
                .addKeyValue("agents", lost.size())
                .log("worker is gone");
        for (AgentState state : lost) {
            AgentOrder order = state.order();
            Attempt attempt = state.running().orElse(null);
            if (order != null && attempt != null) {
                append(
                        new AgentEvent.AttemptLost(
                                order.agentId(),
                                order.accountId(),
                                attempt.number(),
                                worker,
                                clock.instant()));
            }
        }
    }

    private void sendAgain(
            List<Map.Entry<AgentId, LiveAgent>> live, QueueFront.Passed passed, long now) {
        for (Map.Entry<AgentId, LiveAgent> entry : live) {
            LiveAgent agent = entry.getValue();
            Position command = agent.command();
            AgentState state = agent.state();
            boolean isNobodys =
                    state.awaitsTurn() || (state.order() != null && state.order().team() != null);
            if (command == null || isNobodys || sentAgain.containsKey(entry.getKey())) {
                continue;
            }
            if (state.needsNextAttempt()) {
                sendAgain(entry.getKey(), command, state.attempts().size() + 1);
            } else if (agent.isPutOff()) {
                if (agent.isDue(now)) {
                    sendAgain(entry.getKey(), command, state.commanded());
                }
            } else if (state.running().isEmpty() && passed.contains(command)) {
                // The queue is through with its record, yet nobody started it.
                sendAgain(entry.getKey(), command, state.commanded());
            }
        }
    }

    private void sendAgain(AgentId id, Position command, int attempt) {
        sentAgain.put(id, System.nanoTime());
        EntryCodec<SpawnCommand> codec = new EntryCodec<>(Topics.spawnNamed(command.topic()));
        Optional<SpawnCommand> read = records.read(codec, command);
        read.ifPresentOrElse(
                first -> {
                    log.atInfo()
                            .addKeyValue("agentId", id)
                            .addKeyValue("attempt", attempt)
                            .log("agent sent again");
                    warnWhenLost(writer.append(codec, first.withAttempt(attempt)));
                },
                () ->
                        log.atError()
                                .addKeyValue("agentId", id)
                                .log("command is no longer on the log; its deadline will end it"));
    }

    private void append(AgentEvent event) {
        warnWhenLost(writer.append(events, event));
    }

    private static void warnWhenLost(java.util.concurrent.CompletableFuture<Position> appended) {
        java.util.concurrent.CompletableFuture<Position> _ =
                appended.whenComplete(
                        (position, failure) -> {
                            if (failure != null) {
                                // The next tick finds the same and writes it again.
                                log.atWarn()
                                        .addKeyValue("cause", failure.toString())
                                        .log("watcher's record not acknowledged");
                            }
                        });
    }
}
