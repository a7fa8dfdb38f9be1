package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A budget admits what it has room for and nothing more, and what was set aside for nothing comes back.
@Order(6)
@ExtendWith(RunningProduct.class)
class BudgetIT {

    private static final int ROOM = 10;
    private static final int AT_ONCE = 50;
    private static final int LOST = 3;

    /// Reservations lapse after 30 s.
    private static final Duration LAPSE = Duration.ofSeconds(35);

    private final Product product;
    private final Client client;
    private final MoneyCheck money;
    private final Scripted task = Scripted.of("hang=mid-stream chunks=2 tokens=40");
    private final List<Spent> spent = new ArrayList<>();
    private final Map<String, JsonNode> cancels = new HashMap<>();

    BudgetIT(Product product) {
        this.product = product;
        this.client = product.newAccount("budget");
        this.money = new MoneyCheck(product, client);
    }

    @Test
    void fiftyAtOnceOnABudgetForTenAreTenAndWhatTheyDidNotUseIsThereAgain() {
        // Given
        Answer first = spawn();
        long hold = Answer.micros(first.body().get("estimated_cost"));
        took(List.of(first));
        cancelAll();
        long budget = ROOM * hold + spentToday();
        setBudget(budget);

        // When
        List<Answer> answers = spawnAtOnce();

        // Then
        List<Answer> admitted = admitted(answers, ROOM);
        assertThat(figure("held")).isEqualTo(ROOM * hold);
        took(admitted);
        cancelAll();
        long left = budget - spentToday();
        assertThat(left).as("each was charged a little").isBetween(1L, ROOM * hold - 1);

        // When
        List<Answer> again = spawnAtOnce();
        int fits = (int) (left / hold);
        took(admitted(again, fits));
        setBudget(spentToday() + ROOM * hold);
        took(admitted(spawnAtOnce(), ROOM - fits));

        // Then
        assertThat(figure("held")).isEqualTo(ROOM * hold);
        cancelAll();
        assertThat(money.compare(spent, cancels).cancelledInCall()).isEqualTo(spent.size());
    }

    @Test
    void whatWasSetAsideForARecordThatNeverCameIsGivenBack() {
        // Given
        Answer first = spawn();
        long hold = Answer.micros(first.body().get("estimated_cost"));
        took(List.of(first));
        cancelAll();

        // When
        product.processes().freeze("kafka");
        List<Answer> lost;
        try (InParallel parallel = new InParallel()) {
            lost = InParallel.all(parallel.start(LOST, ignored -> spawn()));
        }
        // What is on its way to it dies with it.
        product.processes().kill("kafka");

        // Then
        Set<String> unknown =
                lost.stream()
                        .map(answer -> answer.body().at("/error/agent_id").asString(""))
                        .filter(id -> !id.isEmpty())
                        .collect(Collectors.toSet());
        System.out.printf("%d of %d spawns had an unknown outcome%n", unknown.size(), LOST);
        assertThat(lost).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(503));
        assertThat(unknown).as("reservations without a record").isNotEmpty();
        assertThat(figure("held")).isEqualTo(unknown.size() * hold);
        awaitHeld(0, LAPSE);
        product.heal();
        unknown.forEach(id -> assertThat(client.agent(id).status()).isEqualTo(404));
        assertThat(product.callsOf(task)).hasSize(1);
        assertThat(money.compare(spent, cancels).cancelledInCall()).isEqualTo(1);
    }

    private Answer spawn() {
        return client.spawn(Client.order("sonnet", task.task()));
    }

    private List<Answer> spawnAtOnce() {
        try (InParallel parallel = new InParallel()) {
            return InParallel.all(parallel.start(AT_ONCE, ignored -> spawn()));
        }
    }

    /// Those that were admitted; the others were refused as they should be.
    private static List<Answer> admitted(List<Answer> answers, int number) {
        List<Answer> admitted = answers.stream().filter(a -> a.status() == 200).toList();
        assertThat(admitted).hasSize(number);
        assertThat(answers).extracting(Answer::status).containsOnly(200, 429);
        assertThat(answers.stream().filter(answer -> answer.status() == 429))
                .allSatisfy(BudgetIT::isRefused);
        return admitted;
    }

    private static void isRefused(Answer answer) {
        JsonNode error = answer.body().get("error");
        int retryAfter = error.get("retry_after").asInt();
        assertThat(error.get("code").asInt()).isEqualTo(429);
        assertThat(error.get("message").asString())
                .startsWith("The account's daily budget has no room");
        assertThat(error.get("request_id").asString()).startsWith("req_");
        assertThat(retryAfter).isPositive();
        assertThat(answer.headers().firstValue("Retry-After"))
                .hasValue(Integer.toString(retryAfter));
    }

    private void took(List<Answer> admitted) {
        admitted.forEach(answer -> spent.add(new Spent(task, "sonnet", answer)));
    }

    /// All in their calls, when each has said something.
    private void cancelAll() {
        Awaitility.await("an answer to each")
                .atMost(Duration.ofSeconds(30))
                .until(
                        () ->
                                product.callsOf(task).stream()
                                                .filter(call -> call.told().textBytes() > 0)
                                                .count()
                                        == spent.size());
        for (Spent agent : spent) {
            cancels.computeIfAbsent(
                    agent.id(), id -> Client.patiently(() -> client.cancel(id)).succeeded().body());
        }
        awaitHeld(0, Duration.ofSeconds(30));
    }

    private void setBudget(long micros) {
        ObjectNode wish = Client.JSON.createObjectNode();
        wish.put("daily", BigDecimal.valueOf(micros, 6));
        JsonNode set =
                client.send(
                                client.request("/billing/budget")
                                        .header("Content-Type", "application/json")
                                        .PUT(BodyPublishers.ofString(wish.toString())))
                        .succeeded()
                        .body();
        assertThat(Answer.micros(set.get("daily"))).isEqualTo(micros);
    }

    private long spentToday() {
        return figure("spent_today");
    }

    private long figure(String name) {
        Answer answer = Client.patiently(() -> client.get("/billing/budget"));
        return Answer.micros(answer.succeeded().body().get(name));
    }

    private void awaitHeld(long micros, Duration atMost) {
        Awaitility.await("%d micro-dollars held".formatted(micros))
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> figure("held") == micros);
    }
}
