package ai.j1msky.infra.local;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.KeyText;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.topic.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootstrapTest {

    @TempDir private Path data;

    @Test
    void theFirstStartMakesTopicsAndTwoPrivateKeysAndTheSecondKeepsThem() throws Exception {
        // Given
        new MasterKeyFile(data).ensure();
        try (LocalKafka kafka = LocalKafka.start(LocalKafkaSettings.in(data.resolve("kafka")))) {
            LogClients clients = new LogClients(kafka.bootstrapServers(), "test");
            Bootstrap bootstrap = new Bootstrap(clients, data, Clock.systemUTC());
            bootstrap.run();
            String admin = Files.readString(data.resolve("run/admin.key"));
            String dev = Files.readString(data.resolve("run/dev.key"));

            // When
            bootstrap.run();

            // Then
            assertThat(data.resolve("run/admin.key")).hasContent(admin);
            assertThat(data.resolve("run/dev.key")).hasContent(dev);
            assertThat(admin).endsWith("\n");
            assertThat(KeyText.parse(admin.strip()).orElseThrow().environment())
                    .isEqualTo(KeyEnvironment.LIVE);
            assertThat(KeyText.parse(dev.strip()).orElseThrow().environment())
                    .isEqualTo(KeyEnvironment.DEV);
            assertThat(permissions("run/admin.key")).isEqualTo("rw-------");
            assertThat(permissions("run/dev.key")).isEqualTo("rw-------");
            assertThat(permissions("secrets/master.keyset")).isEqualTo("rw-------");
            try (Admin client = clients.admin()) {
                assertThat(client.listTopics().names().get())
                        .contains(Topics.API_KEYS.name(), Topics.AGENT_EVENTS.name());
            }
        }
    }

    private String permissions(String file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(file)));
    }

    @Test
    void keysThatDoNotWorkAreReplacedAndNamed() throws Exception {
        // Given
        new MasterKeyFile(data).ensure();
        try (LocalKafka kafka = LocalKafka.start(LocalKafkaSettings.in(data.resolve("kafka")))) {
            LogClients clients = new LogClients(kafka.bootstrapServers(), "test");
            new Bootstrap(clients, data, Clock.systemUTC()).run();
            String foreign = KeyText.mint(KeyEnvironment.LIVE, new SecureRandom()).reveal();
            Files.writeString(data.resolve("run/admin.key"), foreign);
            String dev = Files.readString(data.resolve("run/dev.key"));
            Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(84));

            // When
            List<String> replaced = new Bootstrap(clients, data, later).run();

            // Then
            assertThat(replaced).hasSize(2);
            assertThat(replaced.getFirst()).contains("admin.key").endsWith("was not known here.");
            assertThat(replaced.getLast()).contains("dev.key").contains("the old one ends on ");
            assertThat(Files.readString(data.resolve("run/admin.key"))).isNotEqualTo(foreign);
            assertThat(Files.readString(data.resolve("run/dev.key"))).isNotEqualTo(dev);
            assertThat(new Bootstrap(clients, data, later).run()).isEmpty();
        }
    }

    @Test
    void revokedAndExpiredKeysHaveAFault() {
        // Given
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        MintedKey key =
                MintedKey.mint(
                        AccountId.MAIN,
                        "dev",
                        KeyEnvironment.DEV,
                        Set.of(Scope.AGENTS_READ),
                        false,
                        master(),
                        now,
                        new SecureRandom());
        String text = key.text().reveal();

        // Then
        assertThat(Bootstrap.fault(text, List.of(key.kept()), now)).isEmpty();
        assertThat(Bootstrap.fault(text, List.of(key.kept().revokedAt(now)), now))
                .contains("was revoked");
        assertThat(Bootstrap.fault(text, List.of(key.kept()), now.plus(Duration.ofDays(91))))
                .contains("ended on 2026-04-01");
        assertThat(Bootstrap.fault("nonsense", List.of(key.kept()), now))
                .contains("was not known here");
    }

    private MasterKey master() {
        MasterKeyFile file = new MasterKeyFile(data);
        file.ensure();
        return file.load();
    }
}
