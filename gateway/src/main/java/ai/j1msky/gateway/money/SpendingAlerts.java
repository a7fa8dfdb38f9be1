package ai.j1msky.gateway.money;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.budget.BillingAlert.Kind;
import ai.j1msky.common.config.BudgetsConfig;
import ai.j1msky.common.ledger.Balance;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.registry.Budgets;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.redis.RedisLink;
import io.lettuce.core.SetArgs;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends an alert when an agent is refused because of money: once for each budget in its period, and once an hour for a
/// spike. That it was sent stands in Redis, put there from the log, and its period is by Redis's clock. Nobody waits for it:
/// when Redis or the log does not answer, or the gateway dies half-way, a later refusal tries again.
public final class SpendingAlerts {

    private static final Logger log = LoggerFactory.getLogger(SpendingAlerts.class);
    private static final int ALL_OF_IT = 100;
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
    private static final int MOST_ASKED = 10_000;

    /// Longer than the log takes to acknowledge and the projection to read.
    private static final SetArgs WHILE_SENDING = SetArgs.Builder.nx().ex(20);

    private final Budgets budgets;
    private final Money spikePerHour;
    private final RedisLink redis;
    private final LogWriter writer;
    private final MeterRegistry meters;
    private final Map<String, Long> asked = new ConcurrentHashMap<>();
    private final EntryCodec<BillingAlert> codec = new EntryCodec<>(Topics.BILLING_ALERTS);

    public SpendingAlerts(
            Budgets budgets,
            BudgetsConfig config,
            RedisLink redis,
            LogWriter writer,
            MeterRegistry meters) {
        this.budgets = budgets;
        this.spikePerHour = config.spikePerHour();
        this.redis = redis;
        this.writer = writer;
        this.meters = meters;
    }

    /// An agent was refused; whether it was because of money, the problem says. A flood of refusals asks Redis now and then.
    public void refused(AgentOrder order, Problem problem) {
        if ((problem == Problem.COST_LIMITED || problem.isOfBudget())
                && isDue(order.accountId() + "/" + order.keyId() + "/" + problem)) {
            CompletionStage<?> _ =
                    redis.commands()
                            .time()
                            .thenApply(SpendingAlerts::instant)
                            .thenApply(now -> alert(order, problem, now))
                            .thenAccept(this::sendOnce)
                            .exceptionally(
                                    away -> {
                                        log.atDebug().log("an alert waits for redis");
                                        return null;
                                    });
        }
    }

    private boolean isDue(String what) {
        long now = System.nanoTime();
        if (asked.size() > MOST_ASKED) {
            asked.clear();
        }
        Long before = asked.get(what);
        if (before != null && now - before < ASK_AGAIN.toNanos()) {
            return false;
        }
        asked.put(what, now);
        return true;
    }

    private BillingAlert alert(AgentOrder order, Problem problem, Instant now) {
        LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
        String key = order.keyId().value();
        return switch (problem) {
            case DAILY_BUDGET -> ofBudget(order, Balance.WHOLE, day.toString(), now);
            case MONTHLY_BUDGET ->
                    ofBudget(order, Balance.WHOLE, YearMonth.from(day).toString(), now);
            case KEY_DAILY_BUDGET -> ofBudget(order, key, day.toString(), now);
            case KEY_MONTHLY_BUDGET -> ofBudget(order, key, YearMonth.from(day).toString(), now);
            default ->
                    new BillingAlert(
                            order.accountId(),
                            key,
                            Kind.SPIKE,
                            now.truncatedTo(ChronoUnit.HOURS).toString().substring(0, 13),
                            spikePerHour,
                            order.hold(),
                            now);
        };
    }

    private BillingAlert ofBudget(AgentOrder order, String holder, String period, Instant now) {
        Money limit =
                budgets.of(order.accountId(), holder)
                        .map(terms -> period.length() > 7 ? terms.daily() : terms.monthly())
                        .orElse(Money.ZERO);
        return new BillingAlert(
                order.accountId(),
                holder,
                Kind.BUDGET,
                period + "/" + ALL_OF_IT,
                limit,
                order.hold(),
                now);
    }

    private void sendOnce(BillingAlert alert) {
        if (alert.kind() == Kind.BUDGET
                && budgets.of(alert.accountId(), alert.holder())
                        .filter(terms -> terms.alertAt().contains(ALL_OF_IT))
                        .isEmpty()) {
            return;
        }
        String sending = RedisKeys.sending(alert.accountId(), alert.logKey());
        CompletionStage<?> _ =
                redis.commands()
                        .hexists(RedisKeys.alerts(alert.accountId()), alert.logKey())
                        .thenCompose(
                                sent ->
                                        sent
                                                ? CompletableFuture.completedFuture(null)
                                                : redis.commands().set(sending, "1", WHILE_SENDING))
                        .thenAccept(
                                mine -> {
                                    if (mine != null) {
                                        send(alert);
                                    }
                                });
    }

    /// Once it is on the log, the projection puts it among those that were sent.
    private void send(BillingAlert alert) {
        CompletionStage<?> _ =
                writer.append(codec, alert)
                        .thenAccept(
                                position ->
                                        meters.counter(
                                                        "j1msky.billing.alerts",
                                                        "kind",
                                                        alert.kind().wireName())
                                                .increment());
    }

    /// Of the command `TIME`: seconds and microseconds.
    private static Instant instant(List<String> time) {
        return Instant.ofEpochSecond(
                Long.parseLong(time.getFirst()), Long.parseLong(time.get(1)) * 1_000);
    }
}
