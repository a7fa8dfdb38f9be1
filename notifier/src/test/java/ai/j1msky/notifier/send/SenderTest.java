package ai.j1msky.notifier.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.network.Network;
import ai.j1msky.common.webhook.TargetRules;
import ai.j1msky.common.webhook.WebhookSecret;
import ai.j1msky.infra.testkit.webhook.WebhookReceiver;
import ai.j1msky.infra.testkit.webhook.WebhookReceiver.Received;
import com.standardwebhooks.Webhook;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SenderTest {

    private static final WebhookSecret SECRET = new WebhookSecret("your_webhook_secret");
    private static final String BODY = "{\"event\":\"agent.completed\",\"text\":\"häß€🙂\"}";
    private static final TargetRules LOOPBACK =
            new TargetRules(List.of(Network.parse("127.0.0.0/8")), Set.of());

    private final WebhookReceiver receiver = WebhookReceiver.start();
    private final Sender sender =
            new Sender(
                    LOOPBACK, InetAddress::getAllByName, Duration.ofSeconds(2), Clock.systemUTC());

    @AfterEach
    void stop() {
        sender.close();
        receiver.close();
    }

    private static Envelope to(URI url, WebhookSecret... secrets) {
        return new Envelope(
                "msg_1",
                url,
                List.of(secrets.length == 0 ? new WebhookSecret[] {SECRET} : secrets),
                7,
                BODY.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatArrivesIsSignedAndNumbered() throws Exception {
        // When
        Answer answer = sender.send(to(receiver.url("/ok?to=me")));

        // Then
        Received request = receiver.received().getFirst();
        assertThat(answer).isEqualTo(new Answer.Accepted(200));
        assertThat(request.path()).isEqualTo("/ok?to=me");
        assertThat(request.body()).isEqualTo(BODY);
        assertThat(request.header("content-type")).startsWith("application/json");
        assertThat(request.header("webhook-id")).isEqualTo("msg_1");
        assertThat(request.header("webhook-sequence")).isEqualTo("7");
        new Webhook(SECRET.key()).verify(request.body(), headers(request));
        assertThat(request.header("webhook-signature")).isEqualTo(byHand(request, SECRET));
    }

    private static HttpHeaders headers(Received request) {
        return HttpHeaders.of(
                request.headers().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue()))),
                (name, value) -> true);
    }

    private static String byHand(Received request, WebhookSecret secret) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.key(), "HmacSHA256"));
        String signed =
                request.header("webhook-id")
                        + "."
                        + request.header("webhook-timestamp")
                        + "."
                        + request.body();
        return "v1,"
                + Base64.getEncoder()
                        .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void endpointsThatHangDelayNoOtherOfTheirHost() {
        // Given
        for (int i = 0; i < 20; i++) {
            Thread.ofVirtual().start(() -> sender.send(to(receiver.url("/silent"))));
        }
        await().atMost(Duration.ofSeconds(1))
                .until(() -> receiver.received("/silent").size() == 20);

        // When
        Answer answer = sender.send(to(receiver.url("/ok")));

        // Then
        assertThat(answer).isEqualTo(new Answer.Accepted(200));
    }

    @Test
    void twoSecretsSignWhileOneFollowsTheOther() throws Exception {
        // Given
        WebhookSecret newer = new WebhookSecret("another_webhook_secret");

        // When
        Answer _ = sender.send(to(receiver.url("/ok"), newer, SECRET));

        // Then
        Received request = receiver.received().getFirst();
        assertThat(request.header("webhook-signature"))
                .isEqualTo(byHand(request, newer) + " " + byHand(request, SECRET));
    }

    @ParameterizedTest
    @CsvSource({"200", "201", "204", "299"})
    void everyTwoHundredIsAcceptance(int status) {
        assertThat(sender.send(to(receiver.url("/status/" + status))))
                .isEqualTo(new Answer.Accepted(status));
    }

    @ParameterizedTest
    @CsvSource({"400", "404", "500", "503"})
    void anyOtherStatusIsARefusal(int status) {
        assertThat(sender.send(to(receiver.url("/status/" + status))))
                .isEqualTo(new Answer.Refused(status, null));
    }

    @Test
    void gone() {
        assertThat(sender.send(to(receiver.url("/status/410")))).isEqualTo(new Answer.Gone());
    }

    @Test
    void aRedirectIsNotFollowed() {
        // When
        Answer answer = sender.send(to(receiver.url("/redirect")));

        // Then
        assertThat(answer).isEqualTo(new Answer.Refused(302, null));
        assertThat(receiver.received("/ok")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"60, PT1M", "99999999, P1D", "999999999999, ", "-5, ", "soon, "})
    void aWishToBeLeftAloneIsHeardWithinADay(String wish, Duration heard) {
        assertThat(sender.send(to(receiver.url("/later/429/" + wish))))
                .isEqualTo(new Answer.Refused(429, heard));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/silent", "/drip"})
    void whoeverIsSlowIsCutOff(String path) {
        assertThat(sender.send(to(receiver.url(path))))
                .isEqualTo(new Answer.Unreachable("timeout"));
    }

    @Test
    void anEndlessAnswerIsNotRead() {
        assertThat(sender.send(to(receiver.url("/endless")))).isEqualTo(new Answer.Accepted(200));
        assertThat(sender.send(to(receiver.url("/ok")))).isEqualTo(new Answer.Accepted(200));
    }

    @Test
    void aResetIsABrokenConnection() {
        assertThat(sender.send(to(receiver.url("/reset"))))
                .isEqualTo(new Answer.Unreachable("broken"));
    }

    @Test
    void nobodyThere() throws IOException {
        // Given
        int port;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }

        // Then
        assertThat(sender.send(to(URI.create("http://127.0.0.1:" + port + "/"))))
                .isEqualTo(new Answer.Unreachable("connect"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1d", "-10d"}) // the second has expired
    void aCertificateThatNobodyVouchesForIsRefused(String from, @TempDir Path directory)
            throws Exception {
        try (SSLServerSocket server = tls(directory.resolve("keys"), from)) {
            Thread.ofVirtual().start(() -> handshake(server));
            assertThat(sender.send(to(URI.create("https://127.0.0.1:" + server.getLocalPort()))))
                    .isEqualTo(new Answer.Unreachable("tls"));
        }
    }

    private static void handshake(SSLServerSocket server) {
        try (Socket socket = server.accept()) {
            int _ = socket.getInputStream().read();
        } catch (IOException refused) {
            // As it should be.
        }
    }

    /// A server with a certificate of its own, good for five days.
    private static SSLServerSocket tls(Path keys, String from) throws Exception {
        char[] password = "of-this-test".toCharArray();
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=ip:127.0.0.1",
                                "-startdate",
                                from,
                                "-validity",
                                "5",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                keys.toString(),
                                "-storepass",
                                new String(password))
                        .inheritIO()
                        .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance(keys.toFile(), password);
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return (SSLServerSocket)
                context.getServerSocketFactory()
                        .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @Test
    void whatTheRulesForbidIsNotConnectedTo() {
        // Given
        Sender strict = new Sender(new TargetRules(List.of(), Set.of()));

        // When
        Answer answer = strict.send(to(receiver.url("/ok")));

        // Then
        assertThat(answer).isEqualTo(new Answer.Unreachable("not_allowed"));
        assertThat(receiver.connections()).isZero();
        strict.close();
    }

    /// DNS rebinding: the name is somewhere else the second time it is looked up.
    @Test
    void theConnectionGoesToTheAddressThatWasChecked() {
        // Given
        AtomicInteger lookups = new AtomicInteger();
        URI url = URI.create("http://rebinding.example:" + receiver.url("/").getPort() + "/ok");
        Sender rebound =
                new Sender(
                        new TargetRules(List.of(Network.parse("127.0.0.1")), Set.of()),
                        host ->
                                new InetAddress[] {
                                    InetAddress.getByName(
                                            lookups.getAndIncrement() == 0
                                                    ? "127.0.0.1"
                                                    : "127.0.0.2")
                                },
                        Duration.ofSeconds(2),
                        Clock.systemUTC());

        // When
        Answer first = rebound.send(to(url));
        Answer second = rebound.send(to(url));

        // Then
        assertThat(first).isEqualTo(new Answer.Accepted(200));
        assertThat(second).isEqualTo(new Answer.Unreachable("not_allowed"));
        assertThat(lookups).hasValue(2);
        assertThat(receiver.received().getFirst().header("host")).startsWith("rebinding.example");
        rebound.close();
    }
}
