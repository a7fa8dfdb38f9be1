package ai.j1msky.gateway.agent;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.AgentStatus;
import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.audit.Notes;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.projection.LiveAgents;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Deadlines;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.view.AgentView;
import ai.j1msky.gateway.view.AgentViews;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/// `DELETE /api/agent/{agent_id}`. The wish goes to the log; what the log makes of it is the answer. It needs Redis
/// only to tell agents that ended from those that never were.
public final class CancelEndpoint {

    private static final Duration ACK = Duration.ofMillis(2_500);

    /// How long the worker may take to stop its call and say what that cost.
    private static final Duration WORKER_PATIENCE = Duration.ofSeconds(2);

    /// How long a team's agents may take to end.
    private static final Duration TEAM_PATIENCE = Duration.ofSeconds(8);

    private static final Duration END_PATIENCE = Duration.ofMillis(2_500);
    private static final int RETRY_AFTER = 2;

    private final AgentViews views;
    private final LiveAgents live;
    private final LogWriter log;
    private final Clock clock;
    private final EntryCodec<AgentEvent> events = new EntryCodec<>(Topics.AGENT_EVENTS);

    public CancelEndpoint(AgentViews views, LiveAgents live, LogWriter log, Clock clock) {
        this.views = views;
        this.live = live;
        this.log = log;
        this.clock = clock;
    }

    public Mono<ServerResponse> cancel(ServerRequest request) {
        AgentId id = AgentEndpoints.agentId(request);
        Query _ = new Query(request, Set.of());
        Caller caller = Caller.of(request);
        Optional<AgentState> known = live(caller, id);
        return known.isPresent()
                ? end(request, caller, id, known.get().order())
                : views.find(caller.account(), id)
                        .flatMap(
                                found -> {
                                    AgentView view =
                                            found.orElseThrow(
                                                    () -> ProblemException.of(Problem.NOT_FOUND));
                                    return view.status().isTerminal()
                                            ? answer(view.status(), refundOf(view))
                                            : end(request, caller, id, isTeam(view));
                                });
    }

    /// The caller's unfinished agent when memory knows it; then Redis is not needed.
    private Optional<AgentState> live(Caller caller, AgentId id) {
        return live.findActive(id)
                .filter(
                        state ->
                                state.order() != null
                                        && state.order().accountId().equals(caller.account()));
    }

    private static boolean isTeam(AgentView view) {
        return WireJson.MAPPER.readTree(view.facts()).has("team");
    }

    /// As the first answer said it, to the byte: JSON reads fractions as doubles, so by way of whole micro-dollars.
    static BigDecimal refundOf(AgentView view) {
        BigDecimal dollars =
                WireJson.MAPPER.readTree(view.facts()).path("refund").decimalValue(BigDecimal.ZERO);
        return Money.micros(dollars.movePointRight(6).longValueExact()).dollars();
    }

    private Mono<ServerResponse> end(
            ServerRequest request, Caller caller, AgentId id, @Nullable AgentOrder order) {
        return end(request, caller, id, order != null && order.team() != null);
    }

    private Mono<ServerResponse> end(
            ServerRequest request, Caller caller, AgentId id, boolean team) {
        Notes.add(
                request,
                new Notes.Note(
                        AuditEvent.AGENT_CANCEL,
                        null,
                        new AuditEntry.Resource("agent", id.value()),
                        WireJson.MAPPER.createObjectNode()));
        AgentEvent wish =
                new AgentEvent.CancelRequested(
                        id, caller.account(), team ? true : null, clock.instant());
        Mono<AgentState> ended =
                team
                        ? ended(id, TEAM_PATIENCE)
                                .onErrorMap(TimeoutException.class, silent -> unknown(id))
                        : ended(id, WORKER_PATIENCE)
                                .onErrorResume(TimeoutException.class, silent -> force(caller, id));
        return append(wish)
                .then(ended)
                .flatMap(state -> visible(caller, id, state))
                .flatMap(
                        state -> {
                            Money hold = state.order() == null ? Money.ZERO : state.order().hold();
                            Money refund = hold.minus(state.cost());
                            return answer(state.status(), refund.dollars());
                        });
    }

    /// The worker did not answer the wish: the agent ends all the same, and what its call used is the house's cost.
    private Mono<AgentState> force(Caller caller, AgentId id) {
        AgentEvent end =
                new AgentEvent.AgentCancelled(
                        id,
                        caller.account(),
                        0,
                        null,
                        Usage.NONE,
                        Metering.REPORTED,
                        Money.ZERO,
                        clock.instant());
        return append(end)
                .then(ended(id, END_PATIENCE))
                .onErrorMap(TimeoutException.class, silent -> unknown(id));
    }

    private Mono<AgentState> ended(AgentId id, Duration patience) {
        return Mono.fromFuture(() -> live.whenEnded(id)).timeout(patience, Deadlines.CLOCK);
    }

    private Mono<Void> append(AgentEvent event) {
        return Mono.fromFuture(() -> log.append(events, event))
                .timeout(ACK, Deadlines.CLOCK)
                .onErrorMap(
                        failure ->
                                failure instanceof LogWriter.NotSentException
                                        ? ProblemException.retryAfter(
                                                Problem.LOG_UNAVAILABLE, RETRY_AFTER)
                                        : unknown(event.agentId()))
                .then();
    }

    /// Waits until the view says the same, so that the next read agrees with this answer; not for long, and not at
    /// all while Redis is away.
    private Mono<AgentState> visible(Caller caller, AgentId id, AgentState state) {
        return Mono.defer(() -> views.find(caller.account(), id))
                .filter(found -> found.filter(view -> view.status().isTerminal()).isPresent())
                .repeatWhenEmpty(50, again -> again.delayElements(Duration.ofMillis(20)))
                .onErrorComplete()
                .thenReturn(state);
    }

    private static Mono<ServerResponse> answer(AgentStatus status, BigDecimal refund) {
        if (status != AgentStatus.CANCELLED) {
            return Mono.error(
                    ProblemException.of(
                            Problem.ALREADY_ENDED,
                            "The agent has already "
                                    + status.wireName()
                                    + "; it can no longer be cancelled."));
        }
        ObjectNode body = WireJson.MAPPER.createObjectNode();
        body.put("success", true);
        body.put("message", "Agent cancelled");
        body.put("refund", refund);
        return Answers.json(body);
    }

    private static ProblemException unknown(AgentId id) {
        return ProblemException.outcomeUnknown(id, RETRY_AFTER);
    }
}
