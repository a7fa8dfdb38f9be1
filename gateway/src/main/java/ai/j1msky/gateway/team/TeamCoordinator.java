package ai.j1msky.gateway.team;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentResult;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.AgentStatus;
import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.agent.TeamPlan;
import ai.j1msky.common.agent.TeamPlan.Step;
import ai.j1msky.common.agent.TeamRun;
import ai.j1msky.common.agent.TeamRun.Move;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.pii.PiiFinder;
import ai.j1msky.common.seal.DataKey;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.UnreadableException;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.projection.LiveAgents;
import ai.j1msky.gateway.projection.Projection;
import ai.j1msky.gateway.share.AccountShares;
import ai.j1msky.gateway.view.AgentView;
import ai.j1msky.gateway.view.StoredAgents;
import ai.j1msky.gateway.view.TextReader;
import io.lettuce.core.RedisException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves teams on, in the gateway that owns the projection: writes what [TeamRun] says, with the texts that belong to it.
/// It keeps nothing that matters: whoever takes over sees the same on the log, and a move that is made twice changes
/// nothing there.
///
/// All agents of a team share the team's data key, wrapped for each, so that a command that is written twice is sealed with
/// the same key.
public final class TeamCoordinator implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TeamCoordinator.class);
    private static final Duration TICK = Duration.ofMillis(150);

    /// What was written is not written again before the log should have shown it.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LiveAgents agents;
    private final AccountShares shares;
    private final Projection projection;
    private final StoredAgents stored;
    private final TextReader texts;
    private final MasterKey master;
    private final LogWriter writer;
    private final Duration retention;
    private final Clock clock;
    private final EntryCodec<AgentEvent> events = new EntryCodec<>(Topics.AGENT_EVENTS);
    private final EntryCodec<DataKeyEntry> dataKeys = new EntryCodec<>(Topics.DATA_KEYS);
    private final Map<String, Long> written = new HashMap<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("teams").daemon().factory());

    public TeamCoordinator(
            LiveAgents agents,
            AccountShares shares,
            Projection projection,
            StoredAgents stored,
            TextReader texts,
            MasterKey master,
            LogWriter writer,
            Duration retention,
            Clock clock) {
        this.agents = agents;
        this.shares = shares;
        this.projection = projection;
        this.stored = stored;
        this.texts = texts;
        this.master = master;
        this.writer = writer;
        this.retention = retention;
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
    }

    private void tick() {
        try {
            if (!projection.isOwner()) {
                written.clear();
                return;
            }
            long now = System.nanoTime();
            written.values().removeIf(at -> now - at > PATIENCE.toNanos());
            for (AgentState team : agents.teams()) {
                move(team);
            }
        } catch (RuntimeException failure) {
            log.atError().addKeyValue("cause", failure.toString()).log("teams not moved on");
        }
    }

    /// One team must not stop the others.
    private void move(AgentState team) {
        AgentOrder order = team.order();
        if (order == null || order.team() == null) {
            return;
        }
        try {
            Map<Step, AgentState> steps = known(order.team());
            if (TeamRun.next(team, steps).isEmpty()) {
                return;
            }
            // What memory does not know may have ended long ago.
            complete(order, steps);
            for (Move move : TeamRun.next(team, steps)) {
                String name = order.agentId() + " " + nameOf(move);
                if (!written.containsKey(name)) {
                    make(order, steps, move);
                    written.put(name, System.nanoTime());
                }
            }
        } catch (RedisException | KafkaException | NotYetException away) {
            log.atDebug()
                    .addKeyValue("agentId", order.agentId())
                    .addKeyValue("cause", away.toString())
                    .log("team waits");
        } catch (UnreadableException | GoneException unreadable) {
            log.atError().addKeyValue("agentId", order.agentId()).log("team's texts not readable");
            fail(order, FailureReason.POISON, known(order.team()));
        }
    }

    private Map<Step, AgentState> known(TeamPlan plan) {
        Map<Step, AgentState> steps = new HashMap<>();
        for (Step step : plan.steps()) {
            agents.state(step.agentId()).ifPresent(state -> steps.put(step, state));
        }
        return steps;
    }

    private void complete(AgentOrder order, Map<Step, AgentState> steps) {
        List<StoredAgents.Key> unknown = new ArrayList<>();
        Map<AgentId, Step> byId = new HashMap<>();
        for (Step step : plan(order).steps()) {
            if (!steps.containsKey(step)) {
                unknown.add(new StoredAgents.Key(order.accountId(), step.agentId()));
                byId.put(step.agentId(), step);
            }
        }
        stored.read(
                unknown,
                (id, found) -> {
                    Step step = byId.get(id);
                    if (step != null) {
                        steps.put(step, found.state());
                    }
                });
    }

    private static String nameOf(Move move) {
        return switch (move) {
            case Move.Begin() -> "begin";
            case Move.Command(Step step) -> "command " + step.agentId();
            case Move.Stop(Step step) -> "stop " + step.agentId();
            case Move.End(TeamRun.Ending ending) -> "end " + ending.status();
        };
    }

    private void make(AgentOrder order, Map<Step, AgentState> steps, Move move) {
        switch (move) {
            case Move.Begin() ->
                    append(
                            new AgentEvent.TeamStarted(
                                    order.agentId(),
                                    order.accountId(),
                                    TeamRun.started(plan(order), steps).orElseGet(clock::instant)));
            case Move.Command(Step step) -> command(order, steps, step);
            case Move.Stop(Step step) ->
                    append(
                            new AgentEvent.CancelRequested(
                                    step.agentId(), order.accountId(), clock.instant()));
            case Move.End(TeamRun.Ending ending) -> end(order, ending);
        }
    }

    private void command(AgentOrder order, Map<Step, AgentState> steps, Step step) {
        AgentView view = viewOf(order, order.agentId());
        String task = Optional.ofNullable(texts.read(order.agentId(), view).task()).orElse("");
        String prompt =
                switch (step.kind()) {
                    case PLAN -> TeamPrompts.plan(roles(order), task);
                    case MEMBER ->
                            TeamPrompts.member(
                                    step.role(), briefs(order, steps).get(step.role()), task);
                    case MERGE -> merge(order, steps, task);
                };
        DataKey key = keyOf(order, view);
        WrappedKey wrapped = master.wrap(key, step.agentId());
        SpawnCommand command =
                new SpawnCommand(
                        order.of(step),
                        shares.enter(order.of(step)) ? 1 : SpawnCommand.NOT_YET,
                        key.seal(step.agentId(), SpawnCommand.TASK_FIELD, prompt));
        warnWhenLost(
                writer.append(
                        dataKeys,
                        new DataKeyEntry(
                                step.agentId(),
                                order.accountId(),
                                wrapped,
                                clock.instant(),
                                order.readableUntil(retention),
                                null)));
        CompletableFuture<Position> commanded =
                writer.append(new EntryCodec<>(Topics.of(command)), command);
        warnWhenLost(commanded);
        CompletableFuture<Position> _ =
                commanded.whenComplete(
                        (_, failure) -> {
                            if (failure != null) {
                                shares.withdraw(step.agentId());
                            }
                        });
        log.atInfo()
                .addKeyValue("agentId", order.agentId())
                .addKeyValue("step", step.agentId())
                .addKeyValue("role", step.role())
                .log("team goes on");
    }

    private Map<String, String> briefs(AgentOrder order, Map<Step, AgentState> steps) {
        return result(order, steps, plan(order).plan())
                .map(result -> TeamPrompts.briefs(result.text()))
                .orElse(Map.of());
    }

    private String merge(AgentOrder order, Map<Step, AgentState> steps, String task) {
        Map<String, String> drafts = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (Step member : plan(order).members()) {
            result(order, steps, member)
                    .ifPresentOrElse(
                            result -> drafts.put(member.role(), result.text()),
                            () -> missing.add(member.role()));
        }
        return TeamPrompts.merge(drafts, missing, task);
    }

    private Optional<AgentResult> result(AgentOrder order, Map<Step, AgentState> steps, Step step) {
        AgentState state = steps.get(step);
        return state == null || state.status() != AgentStatus.COMPLETED
                ? Optional.empty()
                : Optional.of(result(order, step.agentId()));
    }

    /// Of an agent that has completed; memory may know that before its view does.
    private AgentResult result(AgentOrder order, AgentId agent) {
        AgentView view = viewOf(order, agent);
        if (view.dataKey() == null) {
            throw new GoneException();
        }
        AgentResult result = texts.read(agent, view).result();
        if (result == null) {
            throw new NotYetException();
        }
        return result;
    }

    private void end(AgentOrder order, TeamRun.Ending ending) {
        switch (ending.status()) {
            case COMPLETED -> {
                AgentId merge = plan(order).merge().agentId();
                AgentResult result = result(order, merge);
                DataKey key = keyOf(order, viewOf(order, order.agentId()));
                append(
                        new AgentEvent.TeamCompleted(
                                order.agentId(),
                                order.accountId(),
                                ending.usage(),
                                ending.metering(),
                                ending.cost(),
                                key.seal(
                                        order.agentId(),
                                        AgentEvent.RESULT_FIELD,
                                        WireJson.MAPPER.writeValueAsString(result)),
                                order.privacyOrStandard().detectPii()
                                        ? PiiFinder.count(result.text())
                                        : null,
                                clock.instant()));
            }
            case CANCELLED ->
                    append(
                            new AgentEvent.AgentCancelled(
                                    order.agentId(),
                                    order.accountId(),
                                    0,
                                    null,
                                    ending.usage(),
                                    ending.metering(),
                                    ending.cost(),
                                    clock.instant()));
            case FAILED, SPAWNING, RUNNING ->
                    append(
                            failed(
                                    order,
                                    ending.error() == null ? FailureReason.POISON : ending.error(),
                                    ending));
        }
    }

    /// A team whose texts cannot be read any more ends with what its steps have cost.
    private void fail(AgentOrder order, FailureReason reason, Map<Step, AgentState> steps) {
        steps.forEach(
                (step, state) -> {
                    if (!state.isTerminal()) {
                        append(
                                new AgentEvent.CancelRequested(
                                        step.agentId(), order.accountId(), clock.instant()));
                    }
                });
        append(failed(order, reason, TeamRun.sum(plan(order), steps, reason)));
    }

    private AgentEvent failed(AgentOrder order, FailureReason reason, TeamRun.Ending ending) {
        return new AgentEvent.AgentFailed(
                order.agentId(),
                order.accountId(),
                0,
                null,
                reason,
                ending.usage(),
                ending.metering(),
                ending.cost(),
                clock.instant());
    }

    private AgentView viewOf(AgentOrder order, AgentId agent) {
        return stored.view(new StoredAgents.Key(order.accountId(), agent))
                .orElseThrow(NotYetException::new);
    }

    private DataKey keyOf(AgentOrder order, AgentView view) {
        String wrapped = view.dataKey();
        if (wrapped == null) {
            throw new GoneException();
        }
        return master.unwrap(new WrappedKey(wrapped), order.agentId());
    }

    /// Views are a moment behind memory.
    private static final class NotYetException extends RuntimeException {}

    /// A data key was deleted.
    private static final class GoneException extends RuntimeException {}

    private static TeamPlan plan(AgentOrder order) {
        TeamPlan plan = order.team();
        if (plan == null) {
            throw new IllegalStateException("no team");
        }
        return plan;
    }

    private static List<String> roles(AgentOrder order) {
        return plan(order).members().stream().map(Step::role).toList();
    }

    private void append(AgentEvent event) {
        warnWhenLost(writer.append(events, event));
    }

    private static void warnWhenLost(CompletableFuture<Position> appended) {
        CompletableFuture<Position> _ =
                appended.whenComplete(
                        (_, failure) -> {
                            if (failure != null) {
                                // It is written again when the log still says the same.
                                log.atWarn()
                                        .addKeyValue("cause", failure.toString())
                                        .log("team's record not acknowledged");
                            }
                        });
    }
}
