package ai.j1msky.gateway.spawn;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.Privacy;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.agent.TeamPlan;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.registry.Budgets;
import ai.j1msky.common.seal.DataKey;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.anomaly.KeyWatch;
import ai.j1msky.gateway.audit.Audit;
import ai.j1msky.gateway.audit.MaskedText;
import ai.j1msky.gateway.audit.Origins;
import ai.j1msky.gateway.audit.chain.Origin;
import ai.j1msky.gateway.limit.RequestTokens;
import ai.j1msky.gateway.money.SpendingAlerts;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.request.StrictBody;
import ai.j1msky.gateway.share.AccountShares;
import ai.j1msky.gateway.view.AgentViews;
import ai.j1msky.gateway.view.AgentViews.SpawnLimits;
import ai.j1msky.gateway.view.Reservation;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST /api/spawn` and `/api/spawn-team`: reserve in Redis, append to the log, answer. The acknowledged command is the
/// moment from which the agent exists.
public final class SpawnEndpoint {

    private static final HttpHeaders REPLAYED = replayed();

    /// The first pause of a request that waits for another with its `Idempotency-Key`; each is twice the one before,
    /// and after the longest it gives up, some three seconds from its start.
    private static final Duration FIRST_PAUSE = Duration.ofMillis(40);

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(1_280);
    private static final int TOO_MANY_RETRY = 5;
    private static final int RETRY_AFTER = 5;
    private static final int STARTING_RETRY = 1;

    private final AgencyConfig config;
    private final Budgets budgets;
    private final SpendingAlerts alerts;
    private final AccountShares shares;
    private final AgentViews views;
    private final SpawnLog log;
    private final MasterKey master;
    private final Audit audit;
    private final KeyWatch watch;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public SpawnEndpoint(
            AgencyConfig config,
            Budgets budgets,
            SpendingAlerts alerts,
            AccountShares shares,
            AgentViews views,
            SpawnLog log,
            MasterKey master,
            Audit audit,
            KeyWatch watch,
            Clock clock) {
        this.config = config;
        this.budgets = budgets;
        this.alerts = alerts;
        this.shares = shares;
        this.views = views;
        this.log = log;
        this.master = master;
        this.audit = audit;
        this.watch = watch;
        this.clock = clock;
    }

    /// A request as it goes through: what is asked, its order, its key in clear and wrapped.
    private record Draft(
            String text,
            AgentOrder order,
            DataKey key,
            WrappedKey wrapped,
            RequestTokens tokens,
            Origin origin) {
        SpawnCommand command(int attempt) {
            return new SpawnCommand(
                    order, attempt, key.seal(order.agentId(), SpawnCommand.TASK_FIELD, text));
        }
    }

    public Mono<ServerResponse> spawn(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Caller caller = Caller.of(request);
        return StrictBody.read(request)
                .map(fields -> SpawnRequest.read(fields, config))
                .flatMap(
                        wish ->
                                PrivacyFields.looked(wish.privacy(), wish.task())
                                        .map(privacy -> draft(wish, privacy, caller, request)))
                .flatMap(this::admit);
    }

    public Mono<ServerResponse> spawnTeam(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Caller caller = Caller.of(request);
        return StrictBody.read(request)
                .map(fields -> TeamRequest.read(fields, config))
                .flatMap(
                        wish ->
                                PrivacyFields.looked(wish.privacy(), wish.task())
                                        .map(privacy -> draft(wish, privacy, caller, request)))
                .flatMap(this::admit);
    }

    private Mono<ServerResponse> admit(Draft draft) {
        return admit(draft, FIRST_PAUSE)
                .doOnError(
                        ProblemException.class,
                        why -> alerts.refused(draft.order(), why.problem()));
    }

    private Draft draft(
            TeamRequest wish, Optional<Privacy> privacy, Caller caller, ServerRequest request) {
        Instant created = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        AgentId id = AgentId.mint(created, random);
        TeamPlan plan =
                wish.plan(config, caller.livemode(), created, () -> AgentId.mint(created, random));
        AgentOrder order =
                new AgentOrder(
                        id,
                        caller.account(),
                        caller.key(),
                        caller.livemode(),
                        plan.members().getFirst().model(),
                        wish.priority(),
                        TeamRequest.STEP_TIMEOUT,
                        plan.steps().stream()
                                .map(TeamPlan.Step::hold)
                                .reduce(Money.ZERO, Money::plus),
                        null,
                        created,
                        IdempotencyKeys.of(
                                request.headers().asHttpHeaders(),
                                caller.livemode() ? "spawn-team live" : "spawn-team sandbox",
                                wish.canonical()),
                        plan,
                        null,
                        privacy.orElse(null));
        return draft(
                wish.task(),
                order,
                DataKey.mint(),
                caller.tokens(),
                Origins.of(request.exchange()));
    }

    private Draft draft(
            SpawnRequest wish, Optional<Privacy> privacy, Caller caller, ServerRequest request) {
        Instant created = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        // Chosen once: what is held and what is charged, however long it waits and whoever runs it.
        Price price = wish.price(caller.livemode(), created);
        AgentOrder order =
                new AgentOrder(
                                AgentId.mint(created, random),
                                caller.account(),
                                caller.key(),
                                caller.livemode(),
                                wish.model().alias(),
                                wish.priority(),
                                wish.timeoutSeconds(),
                                wish.hold(price),
                                price,
                                created,
                                // The same words with a test key are another request: they run
                                // elsewhere.
                                IdempotencyKeys.of(
                                        request.headers().asHttpHeaders(),
                                        caller.livemode() ? "spawn live" : "spawn sandbox",
                                        wish.canonical()))
                        .withPrivacy(privacy.orElse(null));
        return draft(
                wish.task(),
                order,
                DataKey.mint(),
                caller.tokens(),
                Origins.of(request.exchange()));
    }

    private Draft draft(
            String text, AgentOrder order, DataKey key, RequestTokens tokens, Origin origin) {
        return new Draft(text, order, key, master.wrap(key, order.agentId()), tokens, origin);
    }

    private SpawnLimits limits(Draft draft) {
        if (!budgets.isReady()) {
            throw ProblemException.retryAfter(Problem.STARTING, STARTING_RETRY);
        }
        AgentOrder order = draft.order();
        return new SpawnLimits(
                config.concurrentAgents(),
                config.budgets().spikePerHour(),
                budgets.of(order.accountId()),
                budgets.of(order.accountId(), order.keyId().value()).orElse(null));
    }

    private Mono<ServerResponse> admit(Draft draft, Duration pause) {
        SpawnCommand command = draft.command(firstAttempt(draft.order()));
        return views.reserve(command, draft.wrapped(), limits(draft), draft.tokens())
                .doOnNext(
                        reservation -> {
                            if (!(reservation instanceof Reservation.Granted)) {
                                withdraw(command);
                            }
                        })
                .flatMap(
                        reservation ->
                                switch (reservation) {
                                    case Reservation.Granted() ->
                                            publish(draft, command)
                                                    .then(answer(draft.order(), false));
                                    case Reservation.Replayed replayed ->
                                            answer(firstOrder(draft, replayed), true);
                                    case Reservation.Unfinished unfinished ->
                                            sendAgain(draft, unfinished);
                                    case Reservation.Lapsed(AgentId first) ->
                                            admit(renamed(draft, first), pause);
                                    case Reservation.InFlight() -> waitForFirst(draft, pause);
                                    case Reservation.Conflict() ->
                                            Mono.error(
                                                    ProblemException.of(
                                                            Problem.IDEMPOTENCY_CONFLICT));
                                    case Reservation.TooMany() ->
                                            Mono.error(
                                                    ProblemException.retryAfter(
                                                            Problem.TOO_MANY_AGENTS,
                                                            TOO_MANY_RETRY));
                                })
                .doOnError(failed -> withdraw(command))
                .doOnCancel(() -> withdraw(command));
    }

    /// Whether some worker is asked at once: not while its account has its share of them. A team is nobody's to run.
    private int firstAttempt(AgentOrder order) {
        return order.team() != null || shares.enter(order) ? 1 : SpawnCommand.NOT_YET;
    }

    /// It was not put into its queue, as far as is known here. One that waits for its turn has not entered.
    private void withdraw(SpawnCommand command) {
        if (command.attempt() != SpawnCommand.NOT_YET) {
            shares.withdraw(command.order().agentId());
        }
    }

    private Mono<Void> publish(Draft draft, SpawnCommand command) {
        return log.append(command, draft.wrapped(), () -> tell(draft))
                .onErrorResume(
                        refused ->
                                refused instanceof ProblemException problem
                                                && problem.problem() == Problem.LOG_UNAVAILABLE
                                        ? views.undo(draft.order(), draft.tokens())
                                                .then(Mono.error(refused))
                                        : Mono.error(refused));
    }

    /// To the watch of keys and the audit. Of the task they learn the length.
    private void tell(Draft draft) {
        AgentOrder order = draft.order();
        watch.spawn(order.accountId(), order.keyId(), order.hold());
        ObjectNode details = WireJson.MAPPER.createObjectNode();
        details.put("model", order.model());
        details.put("task_preview", MaskedText.lengthOf(draft.text()));
        details.put("estimated_cost", order.hold().dollars());
        details.put("priority", order.priority().wireName());
        if (order.team() != null) {
            details.put("team", order.team().name());
        }
        audit.record(
                audit.fact(AuditEvent.AGENT_SPAWN, order.accountId())
                        .named(order.agentId() + "/spawn")
                        .by(order.keyId())
                        .from(draft.origin())
                        .about("agent", order.agentId().value())
                        .with(details));
    }

    /// The first request stopped half-way: the same agent, with the same key, goes to the log again.
    private Mono<ServerResponse> sendAgain(Draft draft, Reservation.Unfinished unfinished) {
        AgentState state = WireJson.MAPPER.readValue(unfinished.state(), AgentState.class);
        AgentOrder order = state.order() == null ? draft.order() : state.order();
        DataKey key = master.unwrap(unfinished.dataKey(), order.agentId());
        Draft first =
                new Draft(
                        draft.text(),
                        order,
                        key,
                        unfinished.dataKey(),
                        draft.tokens(),
                        draft.origin());
        // Never taken back: the first request's record may still arrive.
        return log.append(first.command(state.commanded()), first.wrapped(), () -> tell(first))
                .onErrorMap(failed -> ProblemException.outcomeUnknown(order.agentId(), RETRY_AFTER))
                .then(answer(order, false));
    }

    private Mono<ServerResponse> waitForFirst(Draft draft, Duration pause) {
        if (pause.compareTo(LONGEST_PAUSE) > 0) {
            return Mono.error(ProblemException.of(Problem.IDEMPOTENCY_IN_FLIGHT));
        }
        return Mono.delay(pause).then(Mono.defer(() -> admit(draft, pause.multipliedBy(2))));
    }

    /// What the first request was answered from, whatever prices say now.
    private AgentOrder firstOrder(Draft draft, Reservation.Replayed replayed) {
        if (!replayed.state().isEmpty()) {
            AgentState state = WireJson.MAPPER.readValue(replayed.state(), AgentState.class);
            if (state.order() != null) {
                return state.order();
            }
        }
        return renamed(draft, replayed.agentId()).order();
    }

    private static HttpHeaders replayed() {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Idempotency-Replayed", "true");
        return HttpHeaders.readOnlyHttpHeaders(headers);
    }

    private Draft renamed(Draft draft, AgentId id) {
        return draft(
                draft.text(),
                draft.order().withId(id),
                draft.key(),
                draft.tokens(),
                draft.origin());
    }

    private static Mono<ServerResponse> answer(AgentOrder order, boolean replayed) {
        ObjectNode body = WireJson.MAPPER.createObjectNode();
        body.put("success", true);
        body.put("agent_id", order.agentId().value());
        if (order.team() == null) {
            body.put("model", order.model());
            body.put("status", "spawning");
            body.put("estimated_cost", order.hold().dollars());
        } else {
            body.put("team", order.team().name());
            ArrayNode models = body.putArray("models");
            order.team().models().forEach(models::add);
            body.put("status", "spawning");
        }
        return Answers.json(body, replayed ? REPLAYED : HttpHeaders.EMPTY);
    }
}
