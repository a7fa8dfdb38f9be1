package ai.j1msky.gateway.money;

import ai.j1msky.common.budget.Budget;
import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.ledger.Balance;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.registry.Budgets;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.apikey.Keyring;
import ai.j1msky.gateway.audit.Notes;
import ai.j1msky.gateway.limit.RequestTokens;
import ai.j1msky.gateway.money.MoneyViews.Standing;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Fields;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.request.ReadBack;
import ai.j1msky.gateway.request.StrictBody;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `GET`, `PUT` and `DELETE /api/billing/budget`: of the caller's account, or with `?key_id=` of one of its API keys. What a
/// `PUT` leaves out stays as it is. Without a budget of its own an account has that of the configuration, and a key none.
public final class BudgetEndpoints {

    private static final String KEY_ID = "key_id";
    private static final int MOST_DOLLARS = 1_000_000;
    private static final int MOST_ALERTS = 10;

    private final Budgets budgets;
    private final Keyring keyring;
    private final MoneyViews views;
    private final LogWriter log;
    private final Clock clock;
    private final EntryCodec<Budget> codec = new EntryCodec<>(Topics.BUDGETS);

    public BudgetEndpoints(
            Budgets budgets, Keyring keyring, MoneyViews views, LogWriter log, Clock clock) {
        this.budgets = budgets;
        this.keyring = keyring;
        this.views = views;
        this.log = log;
        this.clock = clock;
    }

    public Mono<ServerResponse> get(ServerRequest request) {
        Caller caller = Caller.of(request);
        return answer(caller, holder(request, caller), caller.tokens());
    }

    public Mono<ServerResponse> put(ServerRequest request) {
        Caller caller = Caller.of(request);
        String holder = holder(request, caller);
        return StrictBody.read(request)
                .map(fields -> terms(fields, caller, holder))
                .doOnNext(terms -> note(request, holder, "set", terms))
                .flatMap(
                        terms -> {
                            Budget budget =
                                    new Budget(caller.account(), holder, terms, clock.instant());
                            return readBack(() -> log.append(codec, budget));
                        })
                .then(Mono.defer(() -> answer(caller, holder, RequestTokens.NONE)));
    }

    /// Deleting what is not there answers the same.
    public Mono<ServerResponse> delete(ServerRequest request) {
        Caller caller = Caller.of(request);
        String holder = holder(request, caller);
        note(request, holder, "deleted", null);
        return readBack(() -> log.delete(codec, Budget.keyOf(caller.account(), holder)))
                .then(Mono.defer(() -> answer(caller, holder, RequestTokens.NONE)));
    }

    private String holder(ServerRequest request, Caller caller) {
        Query query = new Query(request, Set.of(KEY_ID));
        return query.text(KEY_ID).map(text -> keyOf(caller, text)).orElse(Balance.WHOLE);
    }

    private String keyOf(Caller caller, String text) {
        return keyring.all().stream()
                .filter(key -> key.keyId().value().equals(text))
                .filter(key -> key.account().equals(caller.account()))
                .findFirst()
                .map(key -> key.keyId().value())
                .orElseThrow(
                        () ->
                                ProblemException.of(
                                        Problem.NOT_FOUND, "No API key has this key_id."));
    }

    private BudgetTerms terms(Fields fields, Caller caller, String holder) {
        BudgetTerms before = budgets.of(caller.account(), holder).orElse(null);
        Money daily = dollars(fields, "daily", before == null ? null : before.daily());
        Money monthly = dollars(fields, "monthly", before == null ? null : before.monthly());
        List<Integer> alertAt =
                fields.percents("alert_at", MOST_ALERTS)
                        .orElseGet(
                                () ->
                                        (before == null ? budgets.of(caller.account()) : before)
                                                .alertAt());
        fields.nothingElse();
        return new BudgetTerms(daily, monthly, alertAt);
    }

    private static Money dollars(Fields fields, String name, @Nullable Money before) {
        return fields.dollars(name, MOST_DOLLARS)
                .or(() -> Optional.ofNullable(before))
                .orElseThrow(
                        () ->
                                ProblemException.of(
                                        Problem.BODY_INVALID,
                                        name + " is missing: this API key has no budget yet."));
    }

    private static void note(
            ServerRequest request, String holder, String action, @Nullable BudgetTerms terms) {
        ObjectNode details = WireJson.MAPPER.createObjectNode();
        if (terms != null) {
            put(details, terms);
        }
        Notes.change(request, "budget", holder, action, details);
    }

    private Mono<Void> readBack(Supplier<CompletableFuture<Position>> sending) {
        return ReadBack.of(sending, budgets::reached, Problem.POLICY_OUTCOME_UNKNOWN);
    }

    private Mono<ServerResponse> answer(Caller caller, String holder, RequestTokens tokens) {
        return views.standing(caller.account(), holder, tokens)
                .flatMap(standing -> Answers.json(shown(caller, holder, standing)));
    }

    private ObjectNode shown(Caller caller, String holder, Standing standing) {
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        if (!holder.equals(Balance.WHOLE)) {
            answer.put(KEY_ID, holder);
        }
        BudgetTerms terms = budgets.of(caller.account(), holder).orElse(null);
        if (terms == null) {
            answer.putNull("daily").putNull("monthly").putArray("alert_at");
        } else {
            put(answer, terms);
        }
        answer.put("spent_today", standing.spentToday().dollars());
        answer.put("spent_month", standing.spentMonth().dollars());
        answer.put("held", standing.held().dollars());
        return answer;
    }

    private static void put(ObjectNode node, BudgetTerms terms) {
        node.put("daily", terms.daily().dollars());
        node.put("monthly", terms.monthly().dollars());
        ArrayNode alertAt = node.putArray("alert_at");
        terms.alertAt().forEach(percent -> alertAt.add(part(percent)));
    }

    /// A percentage as a part of 1: `0.8`, `1.0`.
    private static BigDecimal part(int percent) {
        BigDecimal part = BigDecimal.valueOf(percent, 2).stripTrailingZeros();
        return part.scale() < 1 ? part.setScale(1) : part;
    }
}
