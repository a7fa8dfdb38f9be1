package ai.j1msky.billing;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentLog;
import ai.j1msky.common.agent.RandomLogs;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.ledger.ExpectedMoney;
import ai.j1msky.common.ledger.LedgerKind;
import java.time.Instant;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class BooksTest {

    private static final TopicPartition COMMANDS = new TopicPartition("commands", 0);
    private static final TopicPartition EVENTS = new TopicPartition("events", 0);

    /// One that was asked for and has ended.
    private static final AgentLog ENDED =
            LongStream.range(0, 1_000)
                    .mapToObj(RandomLogs::causal)
                    .filter(log -> !log.commands().isEmpty())
                    .filter(log -> ExpectedMoney.of(log).containsKey(LedgerKind.CHARGED))
                    .findFirst()
                    .orElseThrow();

    private final SpawnCommand command = ExpectedMoney.held(ENDED.commands().getFirst());
    private final Instant taken = command.at().plusSeconds(60);
    private final Books books = new Books(Instant.EPOCH);

    private void readAll() {
        assertThat(books.read(command, COMMANDS, 0, taken)).isNotEmpty();
        long offset = 0;
        for (AgentEvent event : ENDED.events()) {
            books.read(event, EVENTS, offset++, taken);
        }
        assertThat(books.openAgents()).isZero();
    }

    @Test
    void aCommandThatComesLongAfterItsOrderMovesNothing() {
        assertThat(
                        books.read(
                                command,
                                COMMANDS,
                                0,
                                command.at().plus(Books.STRAY_AFTER).plusMillis(1)))
                .isEmpty();
    }

    @Test
    void aCopyOfTheEventsOfASettledAgentIsForgottenWithIt() {
        // Given
        readAll();
        Instant later = taken.plus(Books.SETTLED_KEPT).plusSeconds(1);
        AgentEvent first = ENDED.events().getFirst();

        // When
        books.read(first, EVENTS, 90, taken);
        books.read(first, EVENTS, 91, later);
        books.forget();
        books.read(first, EVENTS, 92, later);
        books.read(command, COMMANDS, 1, later);
        books.read(first, EVENTS, 93, later.plusSeconds(120));
        books.forget();

        // Then
        assertThat(books.openAgents()).isZero();
    }

    @Test
    void anAgentThatHoldsMoneyIsNeverForgotten() {
        // Given
        assertThat(books.read(command, COMMANDS, 0, taken)).isNotEmpty();

        // When
        books.read(command, COMMANDS, 1, taken.plus(Books.STRAY_AFTER.multipliedBy(9)));
        books.forget();

        // Then
        assertThat(books.held()).isEqualTo(command.order().hold());
    }
}
