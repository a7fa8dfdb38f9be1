package ai.j1msky.infra.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.log.Keep;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.registry.FoldedRegistry;
import ai.j1msky.common.registry.FoldedRegistry.Change;
import ai.j1msky.infra.local.LocalKafka;
import ai.j1msky.infra.local.LocalKafkaSettings;
import ai.j1msky.infra.testkit.Infrastructure;
import ai.j1msky.infra.testkit.log.Notes.Note;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldedRegistryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Change<Note>> changes = new CopyOnWriteArrayList<>();

    private static Notes freshNotes(int partitions) throws InterruptedException {
        return Notes.on(
                Infrastructure.get().kafkaBootstrap(),
                "registry." + UUID.randomUUID(),
                partitions,
                new Keep.Newest());
    }

    private FoldedRegistry<Note> started(Notes notes) {
        FoldedRegistry<Note> registry =
                new FoldedRegistry<>(notes.codec(), notes.clients(), changes::add);
        registry.start();
        return registry;
    }

    private static void awaitReached(FoldedRegistry<Note> registry, Position position)
            throws Exception {
        registry.reached(position).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void whatWasThereIsKnownAfterTheFirstPass() throws Exception {
        try (Notes notes = freshNotes(3)) {
            // Given
            for (int i = 0; i < 50; i++) {
                notes.write("key-" + i % 10, "text-" + i);
            }

            // When
            try (FoldedRegistry<Note> registry = started(notes)) {
                boolean caughtUp = registry.awaitCaughtUp(PATIENCE);

                // Then
                assertThat(caughtUp).isTrue();
                assertThat(registry.isCaughtUp()).isTrue();
                assertThat(registry.all()).hasSize(10);
                assertThat(registry.find("key-3")).map(Note::text).contains("text-43");
            }
        }
    }

    @Test
    void anEmptyTopicIsCaughtUpToo() throws Exception {
        try (Notes notes = freshNotes(1);
                FoldedRegistry<Note> registry = started(notes)) {
            assertThat(registry.awaitCaughtUp(PATIENCE)).isTrue();
            assertThat(registry.all()).isEmpty();
        }
    }

    @Test
    void aWriterReadsItsOwnWrite() throws Exception {
        try (Notes notes = freshNotes(3);
                FoldedRegistry<Note> registry = started(notes)) {
            for (int i = 0; i < 20; i++) {
                // Given
                Position position = notes.write("key-" + i, "text");

                // When
                awaitReached(registry, position);

                // Then
                assertThat(registry.find("key-" + i)).isPresent();
            }
        }
    }

    @Test
    void aTombstoneDeletesAndIsTold() throws Exception {
        try (Notes notes = freshNotes(1);
                FoldedRegistry<Note> registry = started(notes)) {
            // Given
            notes.write("a", "text");

            // When
            awaitReached(registry, notes.delete("a"));

            // Then
            assertThat(registry.find("a")).isEmpty();
            assertThat(changes)
                    .containsExactly(
                            new Change<>("a", Optional.of(Notes.note("a", "text"))),
                            new Change<>("a", Optional.empty()));
        }
    }

    @Test
    void aPoisonRecordIsSkippedAndHoldsNobodyUp() throws Exception {
        try (Notes notes = freshNotes(1);
                FoldedRegistry<Note> registry = started(notes)) {
            // Given
            notes.write("a", "before");
            notes.writeNoise("a");

            // When
            awaitReached(registry, notes.write("b", "after"));

            // Then
            assertThat(registry.find("a")).map(Note::text).contains("before");
            assertThat(registry.find("b")).map(Note::text).contains("after");
        }
    }

    @Test
    void aTopicThatComesLaterIsWaitedFor() throws Exception {
        // Given
        String bootstrap = Infrastructure.get().kafkaBootstrap();
        String topic = "registry.late." + UUID.randomUUID();
        try (FoldedRegistry<Note> registry =
                new FoldedRegistry<>(
                        Notes.codec(topic, 1, new Keep.Newest()),
                        new LogClients(bootstrap, "late"),
                        changes::add)) {
            registry.start();
            assertThat(registry.awaitCaughtUp(Duration.ofSeconds(1))).isFalse();

            // When
            try (Notes notes = Notes.on(bootstrap, topic, 1, new Keep.Newest())) {
                awaitReached(registry, notes.write("a", "text"));
            }

            // Then
            assertThat(registry.find("a")).isPresent();
        }
    }

    @Test
    void whileTheLogIsAwayLookupsGoOnAndStalenessGrows(@TempDir Path directory) throws Exception {
        // Given
        LocalKafkaSettings settings = LocalKafkaSettings.in(directory.resolve("kafka"));
        LocalKafka kafka = LocalKafka.start(settings);
        try (Notes notes =
                        Notes.on(kafka.bootstrapServers(), "registry.away", 1, new Keep.Newest());
                FoldedRegistry<Note> registry = started(notes)) {
            awaitReached(registry, notes.write("a", "old"));
            awaitReached(registry, notes.write("a", "new"));
            assertThat(registry.awaitCaughtUp(PATIENCE)).isTrue();

            // When
            kafka.close();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> registry.staleness().compareTo(Duration.ofSeconds(3)) > 0);

            // Then
            assertThat(registry.find("a")).map(Note::text).contains("new");

            // When
            kafka = LocalKafka.start(settings.onPort(kafka.port()));
            awaitReached(registry, notes.writeOnceReachable("b", "text"));

            // Then
            assertThat(registry.find("b")).isPresent();
            assertThat(changes)
                    .as("an older entry is never shown again")
                    .extracting(change -> change.entry().map(Note::text).orElse(""))
                    .containsExactly("old", "new", "text");
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> registry.staleness().compareTo(Duration.ofSeconds(2)) < 0);
        } finally {
            kafka.close();
        }
    }
}
