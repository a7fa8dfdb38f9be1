package ai.j1msky.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.log.WireJson;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/// A gateway that was given a certificate speaks TLS 1.3 and nothing else, and answers there as it does without.
class TlsIT {

    private static final String PASSWORD = "changeit";

    private static TestAgency agency;
    private static ConfigurableApplicationContext context;
    private static SSLContext trusting;
    private static URI base;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        Path keys = directory.resolve("keys.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "gateway",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "SAN=DNS:localhost,IP:127.0.0.1",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                keys.toString(),
                                "-storepass",
                                PASSWORD)
                        .inheritIO()
                        .start();
        assertThat(keytool.waitFor()).isZero();
        trusting = trusting(keys);
        agency = new TestAgency();
        context =
                new SpringApplication(GatewayMain.class)
                        .run(
                                "--server.address=127.0.0.1",
                                "--server.port=0",
                                "--server.ssl.key-store=" + keys,
                                "--server.ssl.key-store-password=" + PASSWORD,
                                "--management.server.port=-1",
                                "--spring.kafka.bootstrap-servers=" + agency.log.bootstrap(),
                                "--spring.data.redis.host=127.0.0.1",
                                "--spring.data.redis.port=" + agency.redis.port(),
                                "--logging.level.ai.j1msky=error",
                                Roomy.argument(),
                                "--j1msky.node=gateway-tls",
                                "--j1msky.master-keyset=" + TestKeys.KEYSET);
        base =
                URI.create(
                        "https://127.0.0.1:"
                                + context.getEnvironment()
                                        .getRequiredProperty("local.server.port"));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> send("TLSv1.3", "/readyz", null).statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        context.close();
        agency.close();
    }

    private static SSLContext trusting(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = new FileInputStream(keys.toFile())) {
            store.load(file, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("gateway", store.getCertificate("gateway"));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(null, trust.getTrustManagers(), null);
        return made;
    }

    private static HttpResponse<String> send(String protocol, String path, @Nullable String body)
            throws IOException, InterruptedException {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(new String[] {protocol});
        try (HttpClient http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(trusting)
                        .sslParameters(parameters)
                        .build()) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(base.resolve(path))
                            .timeout(Duration.ofSeconds(20))
                            .header("Authorization", "Bearer " + agency.owner.text().reveal());
            if (body != null) {
                request.header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body));
            }
            return http.send(request.build(), BodyHandlers.ofString());
        }
    }

    @Test
    void anAgentIsSpawnedAndReadOverTls13() throws Exception {
        // When
        HttpResponse<String> spawned =
                send("TLSv1.3", "/api/spawn", "{\"model\":\"k2p5\",\"task\":\"over TLS\"}");

        // Then
        assertThat(spawned.statusCode()).isEqualTo(200);
        assertThat(spawned.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
        String id = WireJson.MAPPER.readTree(spawned.body()).path("agent_id").asString();
        HttpResponse<String> read = send("TLSv1.3", "/api/agent/" + id, null);
        assertThat(WireJson.MAPPER.readTree(read.body()).path("task").asString())
                .isEqualTo("over TLS");
    }

    @Test
    void anOlderProtocolIsRefused() {
        assertThatExceptionOfType(SSLHandshakeException.class)
                .isThrownBy(() -> send("TLSv1.2", "/readyz", null));
    }

    @Test
    void refusalsArriveWhole() throws Exception {
        // When
        HttpResponse<String> large =
                send("TLSv1.3", "/api/spawn", "{\"task\":\"" + "x".repeat(2_000_000) + "\"}");
        HttpResponse<String> absent = send("TLSv1.3", "/api/none", null);

        // Then
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(WireJson.MAPPER.readTree(large.body()).path("error").path("code").asInt())
                .isEqualTo(413);
        assertThat(absent.statusCode()).isEqualTo(404);
    }
}
