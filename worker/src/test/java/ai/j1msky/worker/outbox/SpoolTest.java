package ai.j1msky.worker.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

    private static final AgentEvent EVENT = failed(1);

    @TempDir private Path temporary;

    @Test
    void whatIsKeptIsReadByTheNextLife() throws IOException {
        // Given
        Path directory = temporary.resolve("spool");
        new Spool(directory).keep(EVENT);

        // When
        Spool next = new Spool(directory);

        // Then
        assertThat(next.waiting()).hasSize(1);
        assertThat(next.read(next.waiting().getFirst())).contains(EVENT);
    }

    @Test
    void theOldestComesFirst() throws IOException {
        // Given
        Spool spool = new Spool(temporary);

        // When
        Path late = spool.keep(failed(30));
        Path early = spool.keep(failed(2));

        // Then
        assertThat(spool.waiting()).containsExactly(early, late);
    }

    @Test
    void onlyItsOwnerMayReadIt() throws IOException {
        // Given
        Path directory = temporary.resolve("spool");

        // When
        Path file = new Spool(directory).keep(EVENT);

        // Then
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
    }

    @Test
    void aHalfWrittenFileIsRemoved() throws IOException {
        // Given
        Path half = Files.writeString(temporary.resolve("1.tmp"), "ai.j1m");

        // When
        Spool spool = new Spool(temporary);

        // Then
        assertThat(half).doesNotExist();
        assertThat(spool.waiting()).isEmpty();
    }

    @Test
    void anUnreadableFileIsSetAside() throws IOException {
        // Given
        Spool spool = new Spool(temporary);
        Path file = Files.writeString(temporary.resolve("1.event"), "nonsense");

        // When
        assertThat(spool.read(file)).isEmpty();

        // Then
        assertThat(spool.waiting()).isEqualTo(List.of());
        assertThat(temporary.resolve("1.event.unreadable")).exists();
    }

    private static AgentEvent failed(int second) {
        return new AgentEvent.AgentFailed(
                new AgentId("subagent_1234567890_482915730164"),
                new AccountId("main"),
                1,
                new WorkerId("worker-1~abc"),
                FailureReason.TIMEOUT,
                Usage.NONE,
                Metering.REPORTED,
                Money.ZERO,
                Instant.ofEpochSecond(second));
    }
}
