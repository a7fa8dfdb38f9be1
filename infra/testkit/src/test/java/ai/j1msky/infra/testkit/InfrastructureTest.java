package ai.j1msky.infra.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class InfrastructureTest {

    @Test
    void kafkaAnswersAnAdminClient() throws Exception {
        // Given
        Map<String, Object> settings =
                Map.of("bootstrap.servers", Infrastructure.get().kafkaBootstrap());

        // When
        try (Admin admin = Admin.create(settings)) {
            int brokers = admin.describeCluster().nodes().get(20, TimeUnit.SECONDS).size();

            // Then
            assertThat(brokers).isEqualTo(1);
        }
    }

    @Test
    void redisAnswersAPing() throws IOException {
        // Given
        Infrastructure infrastructure = Infrastructure.get();

        // When
        try (Socket socket = new Socket(infrastructure.redisHost(), infrastructure.redisPort())) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));

            // Then
            assertThat(socket.getInputStream().readNBytes(7))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("+PONG\r\n");
        }
    }

    @Test
    void everyCallerGetsTheSameOne() {
        assertThat(Infrastructure.get()).isSameAs(Infrastructure.get());
    }
}
