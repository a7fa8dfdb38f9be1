package ai.j1msky.gateway.view;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.AgentStatus;
import ai.j1msky.common.agent.IdempotencyMark;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.limit.Limiter;
import ai.j1msky.gateway.limit.RequestTokens;
import ai.j1msky.gateway.limit.RequestTokens.Taking;
import ai.j1msky.gateway.redis.RedisScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// What requests ask of agents' views: to reserve, to read, to list; one script each. When Redis does not answer, or has
/// less than was seen before, every one of them fails with 503; none ever answers as if there were nothing.
public final class AgentViews {

    /// How long a reservation counts as an agent while the log has not confirmed it.
    private static final String HOLD_MS = "30000";

    /// How long a reservation is remembered, so that a repeated request finds its id.
    private static final String RESERVATION_MS = "600000";

    private static final String IN_FLIGHT_MS = "3000";
    private static final String SCAN_LIMIT = "20000";

    /// A list's page holds no more sealed tasks than this, or one task: what a request makes Redis and the gateway
    /// carry is bounded, however large the tasks are.
    private static final String PAGE_BYTES = "524288";

    private static final String HOUR_MS = Long.toString(Limiter.HOUR.toMillis());
    private static final RedisScript ADMIT = RedisScript.of("buckets", "entry", "money", "admit");
    private static final RedisScript UNDO = RedisScript.of("buckets", "money", "undo");
    private static final RedisScript READ = RedisScript.of("buckets", "entry", "read");
    private static final RedisScript LIST = RedisScript.of("buckets", "entry", "money", "list");

    private final ProjectedStore redis;

    public AgentViews(ProjectedStore redis) {
        this.redis = redis;
    }

    /// A page of unfinished agents.
    ///
    /// @param count all that fit, not only those on the page
    /// @param chargedToday to the account, since 00:00 UTC
    public record Page(List<Row> rows, long count, Money chargedToday, boolean more) {}

    /// One row of a page.
    public record Row(Cursor cursor, AgentView view) {}

    /// A place in a list: creation in milliseconds, then id.
    public record Cursor(long created, String id) {
        public static final Cursor START = new Cursor(0, "");
    }

    /// What a spawn is measured by besides its request.
    ///
    /// @param concurrency most agents of the key at once
    /// @param spikePerHour most dollars that the key may be charged and hold in an hour
    /// @param ofAccount the account's budget
    /// @param ofKey the key's own, or null when it has none
    public record SpawnLimits(
            int concurrency,
            Money spikePerHour,
            BudgetTerms ofAccount,
            @Nullable BudgetTerms ofKey) {}

    /// Reserves the id of a command's order, or says why not.
    public Mono<Reservation> reserve(
            SpawnCommand command, WrappedKey dataKey, SpawnLimits limits, RequestTokens tokens) {
        // As it will be when its command has been read, so that reading it need not write the view
        // again.
        AgentOrder order = command.order();
        AgentState state = AgentState.ordered(order, command.attempt());
        IdempotencyMark mark = order.idempotency();
        Taking taken = tokens.take();
        String[] keys = {
            RedisKeys.META,
            RedisKeys.agent(order.accountId(), order.agentId()),
            RedisKeys.concurrent(order.accountId(), order.keyId()),
            RedisKeys.idempotency(order.accountId(), mark == null ? "" : mark.key()),
            taken.keys().get(0),
            taken.keys().get(1),
            taken.keys().get(2),
            RedisKeys.holds(order.accountId(), order.keyId()),
            RedisKeys.balances(order.accountId()),
            RedisKeys.pending(order.accountId())
        };
        BudgetTerms ofKey = limits.ofKey();
        List<String> rates = taken.arguments();
        return redis.ask(
                        tokens,
                        ADMIT,
                        keys,
                        redis.floor(),
                        viewPrefix(order.accountId()),
                        order.agentId().value(),
                        WireJson.MAPPER.writeValueAsString(state),
                        command.task().value(),
                        dataKey.value(),
                        order.model(),
                        Integer.toString(limits.concurrency()),
                        HOLD_MS,
                        RESERVATION_MS,
                        mark == null ? "" : mark.request(),
                        IN_FLIGHT_MS,
                        AgentFacts.of(state),
                        rates.get(0),
                        rates.get(1),
                        rates.get(2),
                        rates.get(3),
                        rates.get(4),
                        micros(limits.spikePerHour()),
                        HOUR_MS,
                        micros(order.hold()),
                        order.keyId().value(),
                        micros(limits.ofAccount().daily()),
                        micros(limits.ofAccount().monthly()),
                        ofKey == null ? "" : micros(ofKey.daily()),
                        ofKey == null ? "" : micros(ofKey.monthly()))
                .map(ViewAnswers::reservation);
    }

    /// Takes a reservation back, as well as that goes; it lapses by itself otherwise.
    ///
    /// @param tokens what the request took
    public Mono<Void> undo(AgentOrder order, RequestTokens tokens) {
        IdempotencyMark mark = order.idempotency();
        String[] keys = {
            RedisKeys.agent(order.accountId(), order.agentId()),
            RedisKeys.concurrent(order.accountId(), order.keyId()),
            RedisKeys.idempotency(order.accountId(), mark == null ? "" : mark.key()),
            RedisKeys.balances(order.accountId()),
            RedisKeys.pending(order.accountId()),
            tokens.endpointKey(),
            RedisKeys.holds(order.accountId(), order.keyId())
        };
        return Mono.fromCompletionStage(
                        () ->
                                redis.store()
                                        .run(
                                                UNDO,
                                                keys,
                                                order.agentId().value(),
                                                order.keyId().value(),
                                                micros(order.hold()),
                                                "1",
                                                micros(order.hold())))
                .onErrorComplete()
                .then();
    }

    /// As [#find(AccountId, AgentId, RequestTokens)], for a request that has taken its tokens.
    public Mono<Optional<AgentView>> find(AccountId account, AgentId agent) {
        return find(account, agent, RequestTokens.NONE);
    }

    /// The account's agent; empty when there is none, or it is another account's.
    public Mono<Optional<AgentView>> find(AccountId account, AgentId agent, RequestTokens tokens) {
        Taking taken = tokens.take();
        String[] keys = {
            RedisKeys.META,
            RedisKeys.agent(account, agent),
            RedisKeys.agents(account, AgentStatus.SPAWNING.wireName()),
            taken.keys().get(0),
            taken.keys().get(1),
            taken.keys().get(2)
        };
        return redis.ask(
                        tokens,
                        READ,
                        keys,
                        taken.argumentsAfter(redis.floor(), agent.value(), HOLD_MS))
                .map(
                        answer ->
                                "none".equals(answer.getFirst())
                                        ? Optional.empty()
                                        : Optional.of(ViewAnswers.view(answer)));
    }

    /// Unfinished agents, oldest first.
    ///
    /// @param status only those, or null for both
    /// @param model only those, or null for any
    public Mono<Page> list(
            AccountId account,
            @Nullable AgentStatus status,
            @Nullable String model,
            Cursor after,
            int limit,
            RequestTokens tokens) {
        List<String> keys = new ArrayList<>();
        keys.add(RedisKeys.META);
        keys.add(RedisKeys.balances(account));
        Taking taken = tokens.take();
        keys.addAll(taken.keys());
        for (AgentStatus each : List.of(AgentStatus.SPAWNING, AgentStatus.RUNNING)) {
            if (status == null || status == each) {
                keys.add(RedisKeys.agents(account, each.wireName()));
            }
        }
        return redis.ask(
                        tokens,
                        LIST,
                        keys.toArray(String[]::new),
                        taken.argumentsAfter(
                                redis.floor(),
                                viewPrefix(account),
                                Integer.toString(limit),
                                Long.toString(after.created()),
                                after.id(),
                                model == null ? "" : model,
                                SCAN_LIMIT,
                                PAGE_BYTES))
                .map(ViewAnswers::page);
    }

    private static String micros(Money amount) {
        return Long.toString(amount.micros());
    }

    private static String viewPrefix(AccountId account) {
        return "j1:{" + account + "}:a:";
    }
}
