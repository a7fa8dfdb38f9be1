package ai.j1msky.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.UnreadableException;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What was deleted stays deleted, in every file and with every key; and a new master key disturbs nobody.
@Order(11)
@ExtendWith(RunningProduct.class)
class ErasureIT {

    /// Whatever might be a wrapped key.
    private static final Pattern SEALED = Pattern.compile("1\\.[A-Za-z0-9_-]{40,120}");

    private final Product product;
    private final Client client;

    ErasureIT(Product product) {
        this.product = product;
        this.client = product.newAccount("erasure");
    }

    @Test
    void aCopyOfAllDataAfterADeletionCannotBeOpenedEvenWithTheMasterKey() throws Exception {
        // Given
        AgentId agent = new AgentId(client.spawn("k2p5", Scripted.of("tokens=5").task()));
        AgentId other = new AgentId(client.spawn("k2p5", Scripted.of("tokens=5").task()));
        for (AgentId each : List.of(agent, other)) {
            assertThat(client.end(each.value()).agentStatus()).isEqualTo("completed");
        }
        MasterKey master = MasterKey.load(product.data().resolve("secrets/master.keyset"));
        WrappedKey wrapped = keyOf(agent);
        assertThat(filesWith(wrapped.value())).as("where the key lies before").isNotEmpty();
        assertThat(master.unwrap(wrapped, agent)).isNotNull();
        product.log()
                .configure(
                        Topics.DATA_KEYS,
                        Map.of("max.compaction.lag.ms", "1000", "delete.retention.ms", "1000"));

        // When
        client.send(client.request("/agent/" + agent + "/data").DELETE()).succeeded();

        // Then
        assertThat(client.agent(agent.value()).body().get("result").isNull()).isTrue();
        Awaitility.await("the key to leave every file")
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofSeconds(3))
                .until(
                        () -> {
                            nudge(agent);
                            product.redis().writeFileAnew();
                            return filesWith(wrapped.value()).isEmpty();
                        });
        assertThat(opens(master, agent)).as("what opens the agent's texts").isZero();
        assertThat(opens(master, other)).as("what opens those of one that stays").isPositive();
        assertThat(client.agent(other.value()).body().get("result").isNull()).isFalse();
        product.log().configure(Topics.DATA_KEYS, Map.of("delete.retention.ms", "86400000"));
    }

    /// What the hourly sweep does: the broker closes a file when another record comes.
    private void nudge(AgentId agent) throws Exception {
        product.log()
                .produce(
                        Topics.DATA_KEYS,
                        List.of(
                                new ProducerRecord<>(
                                        Topics.DATA_KEYS.name(),
                                        agent.value().getBytes(UTF_8),
                                        null)));
    }

    @Test
    void aNewMasterKeyStopsNothingAndWhatTheOldOneSealedIsRead() throws Exception {
        // Given
        String before = client.spawn("k2p5", Scripted.of("tokens=5").task());
        Answer read = client.end(before);
        Path file = product.data().resolve("secrets/master.keyset");
        MasterKey old = MasterKey.load(file);

        // When
        List<String> meanwhile = new ArrayList<>();
        Thread load =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    for (int n = 0; n < 30; n++) {
                                        meanwhile.add(
                                                client.spawn(
                                                        "k2p5", Scripted.of("tokens=5").task()));
                                        pause();
                                    }
                                });
        product.launcher().succeed("master-key", "rotate", "--data", product.data().toString());
        load.join();

        // Then
        assertThat(meanwhile)
                .hasSize(30)
                .allSatisfy(id -> assertThat(client.end(id).agentStatus()).isEqualTo("completed"));
        assertThat(client.agent(before).body()).isEqualTo(read.body());
        MasterKey now = MasterKey.load(file);
        assertThat(now.keys()).isEqualTo(old.keys() + 1);
        WrappedKey newest = keyOf(new AgentId(meanwhile.getLast()));
        assertThat(now.isCurrent(newest)).isTrue();
        assertThatExceptionOfType(UnreadableException.class)
                .isThrownBy(() -> old.unwrap(newest, new AgentId(meanwhile.getLast())));
    }

    private static void pause() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private WrappedKey keyOf(AgentId agent) {
        return product.log().entries(Topics.DATA_KEYS).stream()
                .filter(entry -> entry.agentId().equals(agent))
                .map(DataKeyEntry::wrapped)
                .findFirst()
                .orElseThrow();
    }

    private List<Path> filesWith(String text) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path file : files()) {
            if (read(file).contains(text)) {
                found.add(file);
            }
        }
        return found;
    }

    /// How many of all that may be a key, in any file, opens that agent's texts.
    private long opens(MasterKey master, AgentId agent) throws IOException {
        long opening = 0;
        for (Path file : files()) {
            Matcher sealed = SEALED.matcher(read(file));
            while (sealed.find()) {
                try {
                    var _ = master.unwrap(new WrappedKey(sealed.group()), agent);
                    opening++;
                } catch (UnreadableException no) {
                    // As it should be.
                }
            }
        }
        return opening;
    }

    /// Files come and go while the product runs.
    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (NoSuchFileException gone) {
            return "";
        }
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String directory : List.of("kafka", "redis", "logs", "spool")) {
            Path root = product.data().resolve(directory);
            if (Files.isDirectory(root)) {
                try (Stream<Path> all = Files.walk(root)) {
                    all.filter(Files::isRegularFile).forEach(files::add);
                }
            }
        }
        return files;
    }
}
