package ai.j1msky.gateway.projection;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.IdempotencyMark;
import ai.j1msky.common.agent.Outcome;
import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.ledger.Balance;
import ai.j1msky.common.ledger.UsageCell;
import ai.j1msky.common.ledger.UsageTotal;
import ai.j1msky.common.log.Topic;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.view.AgentFacts;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the script `apply.lua` is told of each changed agent.
final class ViewRows {

    /// An `Idempotency-Key` is remembered this long.
    private static final Duration IDEMPOTENCY_KEPT = Duration.ofHours(24);

    /// A view without a command is kept this long: its command should have been read long before.
    private static final Duration ORPHAN_KEPT = Duration.ofDays(1);

    private final Duration retention;
    private final SpawnTokens tokens;

    /// @param tokens what spawns took
    ViewRows(Duration retention, SpawnTokens tokens) {
        this.retention = retention;
        this.tokens = tokens;
    }

    /// @param forgotten whether Redis may have forgotten what their spawns took
    List<List<String>> agents(Batch batch, Instant now, boolean forgotten) {
        return batch.changes().entrySet().stream()
                .map(entry -> agent(entry.getKey(), entry.getValue(), now, forgotten))
                .toList();
    }

    static List<List<String>> dataKeys(Batch batch) {
        return batch.dataKeys().stream().map(ViewRows::dataKey).toList();
    }

    private List<String> agent(AgentId id, Batch.Change change, Instant now, boolean forgotten) {
        AgentState state = change.state();
        AgentOrder order = state.order();
        Outcome outcome = state.outcome();
        IdempotencyMark mark = order == null ? null : order.idempotency();
        Instant readableUntil =
                order == null ? now.plus(ORPHAN_KEPT) : order.readableUntil(retention);
        return List.of(
                change.account().value(),
                id.value(),
                order == null ? "" : order.keyId().value(),
                letter(state),
                WireJson.MAPPER.writeValueAsString(state),
                orEmpty(change.task()),
                orEmpty(change.result()),
                Integer.toString(state.attempts().size()),
                order == null ? "" : order.model(),
                order == null ? "0" : Long.toString(order.created().toEpochMilli()),
                Long.toString(readableUntil.toEpochMilli()),
                mark == null ? "" : mark.key(),
                mark == null ? "" : mark.request(),
                order == null
                        ? "0"
                        : Long.toString(order.created().plus(IDEMPOTENCY_KEPT).toEpochMilli()),
                Long.toString(state.cost().micros()),
                change.command() == null ? "" : change.command().toString(),
                AgentFacts.of(state),
                // What a team's agents hold is the team's, until billing has it.
                order == null || order.memberOf() != null
                        ? "0"
                        : Long.toString(order.hold().micros()),
                forgotten && order != null && order.memberOf() == null
                        ? tokens.of(order, outcome, now)
                        : "",
                forgotten && order != null ? tokens.ofCalls(order, state.attempts(), now) : "",
                blockedBy(state),
                order == null || order.team() == null
                        ? ""
                        : order.team().steps().stream()
                                .map(step -> step.agentId().value())
                                .collect(Collectors.joining(" ")));
    }

    private static String blockedBy(AgentState state) {
        if (state.deferred() != null) {
            return state.deferred().blockedBy().wireName();
        }
        return state.awaitsTurn() ? "account_share" : "";
    }

    /// Balances, usage, and alerts that were sent. Accounts' own balances come last: what they have is then in those of
    /// their keys.
    static List<List<String>> figures(Batch batch) {
        return Stream.concat(
                        batch.totals().values().stream().map(ViewRows::figure),
                        batch.alerts().stream().map(ViewRows::alert))
                .sorted(Comparator.comparing(row -> !row.getLast().isEmpty()))
                .toList();
    }

    private static List<String> alert(BillingAlert alert) {
        return List.of(
                RedisKeys.alerts(alert.accountId()), alert.logKey(), alert.at().toString(), "");
    }

    private static List<String> figure(UsageTotal total) {
        return switch (total) {
            case Balance b ->
                    List.of(
                            RedisKeys.balances(b.accountId()),
                            b.holder(),
                            joined(
                                    b.held().micros(),
                                    b.day().toEpochDay(),
                                    YearMonth.from(b.day()).atEndOfMonth().toEpochDay(),
                                    b.spentDay().micros(),
                                    b.spentMonth().micros()),
                            b.holder().equals(Balance.WHOLE)
                                    ? joined(
                                            read(b, Topics.SPAWN_HIGH),
                                            read(b, Topics.SPAWN_NORMAL),
                                            read(b, Topics.SPAWN_LOW),
                                            read(b, Topics.SPAWN_WAITING))
                                    : "");
            case UsageCell cell ->
                    List.of(
                            RedisKeys.usage(cell.accountId(), YearMonth.from(cell.day())),
                            String.join(
                                    "/",
                                    cell.day().toString(),
                                    cell.model(),
                                    cell.provider(),
                                    cell.keyId().value()),
                            joined(
                                    cell.charged().micros(),
                                    cell.agents(),
                                    cell.usage().inputTokens(),
                                    cell.usage().outputTokens()),
                            "");
        };
    }

    private static long read(Balance balance, Topic<?> queue) {
        return balance.commands().getOrDefault(queue.name(), 0L);
    }

    private static String joined(long... numbers) {
        return Arrays.stream(numbers).mapToObj(Long::toString).collect(Collectors.joining(" "));
    }

    private static List<String> dataKey(Batch.KeyChange key) {
        WrappedKey wrapped = key.wrapped();
        return List.of(
                key.account().value(),
                key.agent().value(),
                wrapped == null ? "" : wrapped.value(),
                key.rewrapped() ? "1" : "",
                Long.toString(key.at().toEpochMilli()));
    }

    private static String letter(AgentState state) {
        return switch (state.status()) {
            case SPAWNING -> "S";
            case RUNNING -> "R";
            case COMPLETED -> "C";
            case FAILED -> "F";
            case CANCELLED -> "X";
        };
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
