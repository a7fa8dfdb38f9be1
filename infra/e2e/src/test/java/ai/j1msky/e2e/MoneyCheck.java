package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.infra.testkit.model.RecordedCall;
import ai.j1msky.infra.testkit.model.RecordedCall.Told;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/// Compares, to the micro-dollar, everything that the product says of one account's money with each other and with what
/// the model server has sent. The account is new: all that was ever charged to it is the test's.
public final class MoneyCheck {

    private static final Duration CONVERGED = Duration.ofSeconds(60);

    /// Dollars per million tokens of input and output, by wire; as the configuration has them.
    private static final Map<String, List<String>> PRICES =
            Map.of("openai", List.of("0.60", "3.00"), "anthropic", List.of("3.00", "15.00"));

    private static final int BYTES_PER_TOKEN = 3;

    private final Function<Scripted, List<RecordedCall>> calls;
    private final Client client;
    private final LocalDate since;

    /// What the agents of a check were, so that a test can say what it has seen.
    ///
    /// @param completed charged in full
    /// @param failed charged nothing
    /// @param cancelledInCall cancelled and charged
    /// @param cancelledUnrun cancelled before they were run
    public record Fates(long completed, long failed, long cancelledInCall, long cancelledUnrun) {}

    MoneyCheck(Product product, Client client) {
        this(product::callsOf, client);
    }

    /// @param calls what the model server saw of a task
    /// @param client of the account
    public MoneyCheck(Function<Scripted, List<RecordedCall>> calls, Client client) {
        this.calls = calls;
        this.client = client;
        JsonNode usage = get("/billing/usage");
        assertThat(micros(usage, "total_cost")).isZero();
        assertThat(micros(get("/billing/budget"), "held")).isZero();
        this.since = LocalDate.parse(usage.get("period").asString().substring(0, 10));
    }

    /// Waits until all of them are settled, then compares.
    public Fates compare(List<Spent> spent, Map<String, JsonNode> cancels) {
        Map<String, JsonNode> agents = new TreeMap<>();
        spent.forEach(agent -> agents.put(agent.id(), client.end(agent.id(), CONVERGED).body()));
        long cost = agents.values().stream().mapToLong(agent -> micros(agent, "cost")).sum();
        awaitSettled(spent.size(), cost);

        Ledger ledger = new Ledger(entries());
        assertThat(ledger.byAgent().keySet()).isEqualTo(agents.keySet());
        spent.forEach(agent -> isRightOnTheLedger(agent, agents.get(agent.id()), ledger));
        Map<String, Long> byModel = new TreeMap<>();
        spent.forEach(
                agent -> {
                    JsonNode shown = agents.get(agent.id());
                    long charged = micros(shown, "cost");
                    assertThat(possibleCosts(agent, shown))
                            .as("cost by what the model server sent: %s", shown)
                            .contains(charged);
                    if (charged > 0) {
                        byModel.merge(agent.model(), charged, Long::sum);
                    }
                });
        cancels.forEach((id, answer) -> isRightWhenCancelled(agents.get(id), answer, id));
        assertThat(ledger.sum("charged")).isEqualTo(cost);
        assertThat(ledger.sum("refunded"))
                .isEqualTo(cancels.values().stream().mapToLong(a -> micros(a, "refund")).sum());
        sumsAgree(cost, byModel);
        reconciles(ledger, agents.size());
        return fates(agents);
    }

    private void awaitSettled(int agents, long cost) {
        Awaitility.await("the money of %s agents to be settled".formatted(agents))
                .atMost(CONVERGED)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(
                        () -> {
                            Answer budget = client.get("/billing/budget");
                            assertThat(budget.status()).isEqualTo(200);
                            assertThat(micros(budget.body(), "held")).as("held").isZero();
                            Answer usage = client.get("/billing/usage?from=" + since);
                            assertThat(usage.status()).isEqualTo(200);
                            assertThat(micros(usage.body(), "total_cost")).isEqualTo(cost);
                        });
    }

    private static void isRightOnTheLedger(Spent agent, JsonNode shown, Ledger ledger) {
        long cost = micros(shown, "cost");
        boolean cancelled = shown.get("status").asString().equals("cancelled");
        Map<String, Long> expected = new HashMap<>();
        expected.put("held", agent.held());
        expected.put("charged", cost);
        expected.put(cancelled ? "refunded" : "released", agent.held() - cost);
        expected.values().removeIf(amount -> amount == 0);
        assertThat(ledger.byAgent().get(agent.id())).as("%s", shown).isEqualTo(expected);
    }

    private void isRightWhenCancelled(JsonNode shown, JsonNode first, String id) {
        assertThat(shown.get("status").asString()).isEqualTo("cancelled");
        assertThat(Client.patiently(() -> client.cancel(id)).succeeded().body()).isEqualTo(first);
        assertThat(micros(shown, "cost") + micros(first, "refund"))
                .isEqualTo(micros(shown, "estimated_cost"));
    }

    /// What an agent may have cost: one amount, except for an agent that was cancelled in its call, which is charged for
    /// what had reached the worker of what was sent.
    private Set<Long> possibleCosts(Spent agent, JsonNode shown) {
        String status = shown.get("status").asString();
        Set<Long> costs = new HashSet<>();
        if (!status.equals("completed")) {
            costs.add(0L);
        }
        for (RecordedCall call : calls.apply(agent.task())) {
            Told told = call.told();
            boolean counted = told.inputTokens() != null && told.outputTokens() != null;
            if (counted && !status.equals("failed")) {
                costs.add(cost(call, count(told.inputTokens()), count(told.outputTokens())));
            }
            if (status.equals("cancelled")) {
                long estimated = Math.ceilDiv(told.promptBytes(), BYTES_PER_TOKEN);
                long input = told.inputTokens() == null ? estimated : count(told.inputTokens());
                // The count was sent, and the call may have been closed before it arrived.
                costs.add(cost(call, estimated, 0));
                costs.add(cost(call, input, 0));
                costs.add(cost(call, input, Math.ceilDiv(told.textBytes(), BYTES_PER_TOKEN)));
            }
        }
        return costs;
    }

    private static long count(String tokens) {
        return Long.parseLong(tokens);
    }

    private static long cost(RecordedCall call, long input, long output) {
        List<String> price = PRICES.getOrDefault(call.wire(), List.of());
        return new BigDecimal(price.get(0))
                .multiply(BigDecimal.valueOf(input))
                .add(new BigDecimal(price.get(1)).multiply(BigDecimal.valueOf(output)))
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    private void sumsAgree(long cost, Map<String, Long> byModel) {
        // Read again when a day has ended in between.
        Awaitility.await("the sums of one day")
                .untilAsserted(
                        () -> {
                            JsonNode usage = get("/billing/usage?from=" + since);
                            JsonNode budget = get("/billing/budget");
                            String today = usage.get("period").asString().substring(14);
                            Map<String, Long> byDay = amounts(usage.get("by_day"));
                            assertThat(micros(usage, "total_cost")).isEqualTo(cost);
                            assertThat(amounts(usage.get("by_model"))).isEqualTo(byModel);
                            assertThat(byDay.values().stream().mapToLong(Long::longValue).sum())
                                    .isEqualTo(cost);
                            long ofToday = byDay.getOrDefault(today, 0L);
                            assertThat(client.chargedToday()).isEqualTo(ofToday);
                            assertThat(micros(budget, "spent_today")).isEqualTo(ofToday);
                            assertThat(micros(budget, "held")).isZero();
                        });
    }

    private void reconciles(Ledger ledger, int agents) {
        JsonNode sums = get("/billing/reconcile");
        for (String kind : List.of("held", "charged", "released", "refunded")) {
            assertThat(micros(sums, kind)).as(kind).isEqualTo(ledger.sum(kind));
        }
        assertThat(micros(sums, "difference")).isZero();
        assertThat(micros(sums, "open")).isZero();
        assertThat(sums.get("wrong_agents").asInt()).isZero();
        assertThat(sums.get("unreadable").asInt()).isZero();
        assertThat(sums.get("agents").asInt()).isEqualTo(agents);
    }

    private static Fates fates(Map<String, JsonNode> agents) {
        return new Fates(
                count(agents, "completed"),
                count(agents, "failed"),
                agents.values().stream()
                        .filter(agent -> agent.get("status").asString().equals("cancelled"))
                        .filter(agent -> micros(agent, "cost") > 0)
                        .count(),
                agents.values().stream()
                        .filter(agent -> agent.get("status").asString().equals("cancelled"))
                        .filter(agent -> agent.get("started").isNull())
                        .count());
    }

    private static long count(Map<String, JsonNode> agents, String status) {
        return agents.values().stream()
                .filter(agent -> agent.get("status").asString().equals(status))
                .count();
    }

    /// The account's ledger over HTTP.
    ///
    /// @param byAgent what each kind of entry moves
    private record Ledger(Map<String, Map<String, Long>> byAgent) {

        Ledger(List<JsonNode> entries) {
            this(new TreeMap<>());
            for (JsonNode entry : entries) {
                String kind = entry.get("kind").asString();
                Long twice =
                        byAgent.computeIfAbsent(
                                        entry.get("agent_id").asString(), id -> new HashMap<>())
                                .put(kind, micros(entry, "amount"));
                assertThat(twice).as("on the ledger before: %s", entry).isNull();
            }
        }

        long sum(String kind) {
            return byAgent.values().stream().mapToLong(kinds -> kinds.getOrDefault(kind, 0L)).sum();
        }
    }

    private List<JsonNode> entries() {
        List<JsonNode> entries = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = get("/billing/ledger?limit=200" + cursor);
            page.get("entries").forEach(entries::add);
            JsonNode next = page.get("next_cursor");
            cursor = next.isNull() ? "" : "&cursor=" + next.asString();
        } while (!cursor.isEmpty());
        return entries;
    }

    private JsonNode get(String path) {
        return Client.patiently(() -> client.get(path)).succeeded().body();
    }

    private static long micros(JsonNode node, String name) {
        return Answer.micros(node.get(name));
    }

    private static Map<String, Long> amounts(JsonNode sums) {
        Map<String, Long> amounts = new TreeMap<>();
        sums.properties().forEach(sum -> amounts.put(sum.getKey(), Answer.micros(sum.getValue())));
        return amounts;
    }
}
