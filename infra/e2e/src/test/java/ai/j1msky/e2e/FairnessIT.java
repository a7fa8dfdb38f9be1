package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Two accounts, of which one has far more to do than there are slots, and a gateway that dies while it waits.
@Order(4)
@ExtendWith(RunningProduct.class)
class FairnessIT {

    /// The two workers' slots take a third of it.
    private static final int MANY = 190;

    private static final int FEW = 10;
    private static final Duration LONG = Duration.ofSeconds(90);

    private final Product product;
    private final Client large;
    private final Client small;

    FairnessIT(Product product) {
        this.product = product;
        this.large = product.newAccount("large");
        this.small = product.newAccount("small");
    }

    private static List<String> spawn(Client client, List<Scripted> tasks) {
        try (InParallel requests = new InParallel()) {
            return InParallel.all(
                    requests.start(tasks.size(), n -> client.spawn("k2p5", tasks.get(n).task())));
        }
    }

    private static List<Scripted> tasks(int number) {
        return Stream.generate(() -> Scripted.of("tokens=5 delay=4s")).limit(number).toList();
    }

    private static Instant started(Answer agent) {
        return Instant.parse(agent.body().path("started").asString());
    }

    @Test
    void aFewAgentsDoNotWaitForAnothersMany() {
        // Given
        List<Scripted> tasks = tasks(MANY);
        List<String> many = spawn(large, tasks);
        List<String> waiting =
                many.stream()
                        .filter(
                                id ->
                                        large.agent(id)
                                                .body()
                                                .at("/queue/blocked_by")
                                                .asString("")
                                                .equals("account_share"))
                        .toList();

        // When
        List<String> few = spawn(small, tasks(FEW));
        Instant lastOfFew =
                few.stream().map(id -> started(small.end(id, LONG))).max(Instant::compareTo).get();
        product.processes().kill("gateway");
        product.restart("gateway");
        List<Answer> ends = many.stream().map(id -> large.end(id, LONG)).toList();

        // Then
        assertThat(waiting).as("the backlog is longer than the queues").hasSizeGreaterThan(10);
        assertThat(ends.stream().filter(end -> started(end).isBefore(lastOfFew)).count())
                .as("agents of the large account that started before the last of the small one")
                .isLessThan(MANY - 10);
        assertThat(ends).extracting(Answer::agentStatus).containsOnly("completed");
        assertThat(tasks).allSatisfy(task -> assertThat(product.callsOf(task)).hasSize(1));
        assertThat(large.chargedToday()).isEqualTo(ends.stream().mapToLong(Answer::cost).sum());
    }
}
