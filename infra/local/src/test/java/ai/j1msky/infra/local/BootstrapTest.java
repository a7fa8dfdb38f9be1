package ai.j1msky.infra.local;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.KeyText;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.topic.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootstrapTest {

    @TempDir private Path data;

    @Test
    void theFirstStartMakesTopicsAndTwoPrivateKeysAndTheSecondKeepsThem() throws Exception {
        // Given
        new Preparation(data).run(null);
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
}
