package ai.j1msky.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.DeliveryAttempt;
import ai.j1msky.common.webhook.DeliveryAttempt.Outcome;
import ai.j1msky.common.webhook.DeliveryId;
import ai.j1msky.common.webhook.TargetRules;
import ai.j1msky.common.webhook.Webhook;
import ai.j1msky.common.webhook.WebhookDelivery;
import ai.j1msky.common.webhook.WebhookEvent;
import ai.j1msky.common.webhook.WebhookRequest;
import ai.j1msky.common.webhook.WebhookState;
import ai.j1msky.gateway.Api;
import ai.j1msky.gateway.Roomy;
import ai.j1msky.gateway.TestAgency;
import ai.j1msky.gateway.TestAgent;
import ai.j1msky.gateway.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Webhooks of an account, through a real gateway. Targets are literal addresses: nothing is looked up.
class WebhookEndpointsIT {

    private static final String TARGET = "https://93.184.216.34/hook";
    private static final AtomicLong ACCOUNTS = new AtomicLong();

    private static TestAgency agency;
    private static TestAgency.Gateway gateway;

    private Api api;
    private Api stranger;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        agency = new TestAgency();
        gateway = agency.gateway("--j1msky.config=" + config(directory));
    }

    private static Path config(Path directory) throws IOException {
        return Files.writeString(
                directory.resolve("config.json"),
                Roomy.CONFIG.replaceFirst(
                        "\\{", "{\"webhooks\": {\"allowed_subnets\": [\"192.168.1.0/24\"]},"));
    }

    @AfterAll
    static void stop() {
        agency.close();
    }

    @BeforeEach
    void accounts() {
        api = account();
        stranger = account();
    }

    private static Api account() {
        AccountId id = new AccountId("webhooks-" + ACCOUNTS.incrementAndGet());
        MintedKey key = agency.mint(id, KeyEnvironment.LIVE, EnumSet.allOf(Scope.class));
        return gateway.api().with(key.text().reveal());
    }

    private static String wish(String url, String... events) {
        return "{\"url\":\"%s\",\"events\":[\"%s\"],\"secret\":\"your_webhook_secret\"}"
                .formatted(url, String.join("\",\"", events));
    }

    private String create(String url) {
        Api.Answer answer = api.post("/api/webhooks", wish(url, "agent.completed"));
        assertThat(answer.status()).isEqualTo(200);
        return answer.text("webhook_id");
    }

    private Webhook onTheLog(String id) {
        return agency.read(Topics.WEBHOOKS).stream()
                .filter(webhook -> webhook.webhookId().value().equals(id))
                .toList()
                .getLast();
    }

    @Test
    void anEndpointThatWasDisabledIsInTheAuditOnceHoweverManyGatewaysSeeIt() {
        // Given
        TestAgency.Gateway other = agency.gateway();
        Webhook webhook = onTheLog(create(TARGET));

        // When
        agency.append(
                WebhookState.of(webhook).disabledFor(1, "It answered 410 (Gone).", Instant.now()));

        // Then
        await().atMost(TestAgency.SOON)
                .during(Duration.ofSeconds(3))
                .until(() -> disablings(webhook).size() == 1);
        other.close();
        JsonNode entries =
                api.get("/api/security/audit/entries?event=webhook.disabled")
                        .body()
                        .path("entries");
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).at("/resource/id").asString())
                .isEqualTo(webhook.webhookId().value());
        assertThat(entries.get(0).at("/details/reason").asString()).contains("410");
    }

    private static List<AuditEntry> disablings(Webhook webhook) {
        return agency.read(Topics.AUDIT).stream()
                .filter(entry -> entry.event() == AuditEvent.WEBHOOK_DISABLED)
                .filter(entry -> entry.account().equals(webhook.accountId()))
                .toList();
    }

    @Nested
    class Returns200 {

        @Test
        void forTheSampleOfTheReference() {
            // When
            Api.Answer answer =
                    api.post("/api/webhooks", wish(TARGET, "agent.completed", "agent.failed"));

            // Then
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().propertyNames())
                    .containsExactly("success", "webhook_id", "url", "events", "created");
            JsonNode listed = api.get("/api/webhooks").body().path("webhooks");
            assertThat(listed).hasSize(1);
            assertThat(listed.get(0).path("url").asString()).isEqualTo(TARGET);
            assertThat(listed.get(0).path("enabled").asBoolean()).isTrue();
            assertThat(listed.get(0).toString()).doesNotContain("secret");
            Webhook kept = onTheLog(answer.text("webhook_id"));
            assertThat(kept.secret()).doesNotContain("your_webhook_secret");
            assertThat(kept.secrets(TestKeys.MASTER, Instant.now()))
                    .containsExactly("your_webhook_secret");
        }

        @Test
        void withASecretThatIsShownOnceWhenNoneIsGiven() {
            // When
            Api.Answer answer =
                    api.post(
                            "/api/webhooks",
                            "{\"url\":\"" + TARGET + "\",\"events\":[\"agent.failed\"]}");

            // Then
            assertThat(answer.text("secret")).startsWith("whsec_");
            assertThat(api.get("/api/webhooks/" + answer.text("webhook_id")).body().has("secret"))
                    .isFalse();
        }

        @Test
        void withTheSameIdForTheSameUrl() {
            // Given
            String id = create(TARGET);

            // When
            Api.Answer again = api.post("/api/webhooks", wish(TARGET, "agent.failed"));

            // Then
            assertThat(again.text("webhook_id")).isEqualTo(id);
            assertThat(onTheLog(id).events())
                    .extracting(e -> e.wireName())
                    .containsExactly("agent.failed");
        }

        @Test
        void forAListedNetworkWithHttpToo() {
            assertThat(create("http://192.168.1.5:8000/hook")).startsWith("wh_");
        }

        @Test
        void forAChangeThatAlsoEnables() {
            // Given
            String id = create(TARGET);
            Webhook webhook = onTheLog(id);
            WebhookState state =
                    WebhookState.of(webhook)
                            .disabledFor(1, "It answered 410 (Gone).", Instant.now());
            agency.append(state);
            await().atMost(TestAgency.SOON)
                    .until(
                            () ->
                                    !api.get("/api/webhooks/" + id)
                                            .body()
                                            .path("enabled")
                                            .asBoolean());
            Api.Answer refusedTest = api.post("/api/webhooks/" + id + "/test", "{}");
            String reason = api.get("/api/webhooks/" + id).text("disabled_reason");

            // When
            Api.Answer answer =
                    api.put("/api/webhooks/" + id, "{\"events\":[\"agent.cancelled\"]}");

            // Then
            assertThat(refusedTest.status()).isEqualTo(409);
            assertThat(reason).contains("410");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(api.get("/api/webhooks/" + id).body().path("enabled").asBoolean()).isTrue();
            assertThat(onTheLog(id).url()).isEqualTo(TARGET);
        }

        @Test
        void forARotationAfterWhichBothSecretsSignForADay() {
            // Given
            String id = create(TARGET);

            // When
            Api.Answer answer = api.post("/api/webhooks/" + id + "/rotate", "{}");

            // Then
            Webhook after = onTheLog(id);
            Instant now = Instant.now();
            assertThat(after.secrets(TestKeys.MASTER, now))
                    .containsExactly(answer.text("secret"), "your_webhook_secret");
            assertThat(after.secrets(TestKeys.MASTER, now.plus(Duration.ofHours(25))))
                    .containsExactly(answer.text("secret"));
        }

        @Test
        void forATestAndADeletion() {
            // Given
            String id = create(TARGET);

            // When
            Api.Answer test = api.post("/api/webhooks/" + id + "/test", "{}");
            Api.Answer deleted = api.delete("/api/webhooks/" + id);

            // Then
            assertThat(test.status()).isEqualTo(200);
            assertThat(agency.read(Topics.WEBHOOK_REQUESTS))
                    .extracting(WebhookRequest::webhookId)
                    .anyMatch(webhook -> webhook.value().equals(id));
            assertThat(deleted.status()).isEqualTo(200);
            assertThat(api.get("/api/webhooks").body().path("webhooks")).isEmpty();
            assertThat(api.delete("/api/webhooks/" + id).status()).isEqualTo(404);
        }
    }

    @Nested
    class ListOfDeliveries {

        private Webhook webhook;

        @BeforeEach
        void create() {
            webhook = onTheLog(WebhookEndpointsIT.this.create(TARGET));
        }

        private WebhookDelivery made(long sequence) {
            WebhookDelivery delivery =
                    new WebhookDelivery(
                            DeliveryId.of(webhook.webhookId(), "agent " + sequence),
                            webhook.webhookId(),
                            webhook.accountId(),
                            WebhookEvent.AGENT_COMPLETED,
                            null,
                            sequence,
                            new SealedText("1.AAAA"),
                            Instant.now());
            agency.append(delivery);
            return delivery;
        }

        private void attempted(
                WebhookDelivery delivery, int attempt, Outcome outcome, Integer status) {
            boolean again = outcome == Outcome.RETRY;
            agency.append(
                    new DeliveryAttempt(
                            delivery.deliveryId(),
                            webhook.webhookId(),
                            webhook.accountId(),
                            attempt,
                            outcome,
                            status,
                            status == null ? "timeout" : null,
                            12,
                            again ? Instant.now().plusSeconds(300) : null,
                            Instant.now()));
        }

        private JsonNode list(String query) {
            Api.Answer answer =
                    api.get("/api/webhooks/" + webhook.webhookId() + "/deliveries" + query);
            assertThat(answer.status()).isEqualTo(200);
            return answer.body();
        }

        @Test
        void hasFewOnAPageWhereTheyAreLargeAndAllOnAllPages() {
            // Given
            SealedText large = new SealedText("1." + "A".repeat(1_500_000));
            for (int n = 0; n < 9; n++) {
                agency.append(
                        new WebhookDelivery(
                                DeliveryId.of(webhook.webhookId(), "large " + n),
                                webhook.webhookId(),
                                webhook.accountId(),
                                WebhookEvent.AGENT_COMPLETED,
                                null,
                                n + 1,
                                large,
                                Instant.now()));
            }
            made(10);

            // When
            List<Integer> sizes = new ArrayList<>();
            List<Long> numbers = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = list("?limit=200" + cursor);
                sizes.add(page.path("deliveries").size());
                page.path("deliveries")
                        .forEach(each -> numbers.add(each.path("sequence").asLong()));
                cursor = "&cursor=" + page.path("next_cursor").asString("");
            } while (!cursor.equals("&cursor=") && sizes.size() < 50);

            // Then
            assertThat(numbers).containsExactly(10L, 9L, 8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L);
            assertThat(sizes).allMatch(size -> size <= 4);
        }

        @Test
        void hasWhatWasSentWhenThatIsAskedForUntilItIsDeleted() {
            // Given
            TestAgent agent =
                    agency.spawn(
                            TestAgent.of(
                                    webhook.accountId(),
                                    new KeyId("key_test"),
                                    "k2p5",
                                    "task",
                                    60,
                                    TestAgent.now(),
                                    null));
            DeliveryId id = DeliveryId.of(webhook.webhookId(), "an end");
            agency.append(
                    new WebhookDelivery(
                            id,
                            webhook.webhookId(),
                            webhook.accountId(),
                            WebhookEvent.AGENT_COMPLETED,
                            agent.id(),
                            1,
                            agent.key()
                                    .seal(
                                            agent.id(),
                                            WebhookDelivery.bodyField(id),
                                            "what is sent"),
                            Instant.now()));
            made(2);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> api.get("/api/agent/" + agent.id()).status() == 200);

            // When
            JsonNode asked = list("?body=true").path("deliveries");

            // Then
            assertThat(asked.get(1).path("body").asString()).isEqualTo("what is sent");
            assertThat(asked.get(0).path("body").isNull()).as("unreadable").isTrue();
            assertThat(list("").path("deliveries").get(1).has("body")).isFalse();
        }

        @Test
        void hasTheNewestFirstWithAllTheirAttempts() {
            // Given
            WebhookDelivery first = made(1);
            WebhookDelivery second = made(2);
            attempted(second, 1, Outcome.DELIVERED, 204);
            attempted(first, 1, Outcome.RETRY, null);
            WebhookDelivery third = made(3);
            attempted(first, 2, Outcome.RETRY, 503);

            // When
            JsonNode deliveries = list("").path("deliveries");

            // Then
            assertThat(deliveries.findValuesAsString("id"))
                    .containsExactly(
                            third.deliveryId().value(),
                            second.deliveryId().value(),
                            first.deliveryId().value());
            assertThat(deliveries.get(0).path("status").asString()).isEqualTo("pending");
            assertThat(deliveries.get(0).path("attempts")).isEmpty();
            assertThat(deliveries.get(1).path("status").asString()).isEqualTo("delivered");
            assertThat(deliveries.get(1).path("next_attempt_at").isNull()).isTrue();
            JsonNode attempts = deliveries.get(2).path("attempts");
            assertThat(deliveries.get(2).path("status").asString()).isEqualTo("pending");
            assertThat(deliveries.get(2).path("next_attempt_at").isString()).isTrue();
            assertThat(attempts).hasSize(2);
            assertThat(attempts.get(0).path("error").asString()).isEqualTo("timeout");
            assertThat(attempts.get(1).path("status").asInt()).isEqualTo(503);
        }

        @Test
        void hasPages() {
            // Given
            WebhookDelivery first = made(1);
            WebhookDelivery second = made(2);
            made(3);
            attempted(first, 1, Outcome.GIVEN_UP, 500);

            // When
            JsonNode page = list("?limit=1");
            JsonNode next = list("?limit=2&cursor=" + page.path("next_cursor").asString());

            // Then
            assertThat(next.path("deliveries").findValuesAsString("id"))
                    .containsExactly(second.deliveryId().value(), first.deliveryId().value());
            assertThat(next.path("deliveries").get(1).path("status").asString())
                    .isEqualTo("failed");
        }

        @Test
        void givesWhatCanBeSentAgain() {
            // Given
            WebhookDelivery first = made(1);
            made(2);
            String path = "/api/webhooks/" + webhook.webhookId();

            // When
            Api.Answer one = api.post(path + "/deliveries/" + first.deliveryId() + "/resend", "{}");
            Api.Answer all = api.post(path + "/replay?since=" + webhook.created(), "{}");
            Api.Answer none = api.post(path + "/replay?since=2099-01-01", "{}");

            // Then
            assertThat(one.body().path("count").asInt()).isEqualTo(1);
            assertThat(all.body().path("count").asInt()).isEqualTo(2);
            assertThat(none.body().path("count").asInt()).isZero();
            assertThat(agency.read(Topics.WEBHOOK_REQUESTS))
                    .filteredOn(wish -> wish.webhookId().equals(webhook.webhookId()))
                    .extracting(WebhookRequest::deliveryId)
                    .containsExactly(first.deliveryId(), null);
            assertThat(api.post(path + "/deliveries/msg_0/resend", "{}").status()).isEqualTo(404);
            assertThat(api.post(path + "/replay", "{}").status()).isEqualTo(400);
            assertThat(
                            stranger.post(
                                            path + "/deliveries/" + first.deliveryId() + "/resend",
                                            "{}")
                                    .status())
                    .isEqualTo(404);
        }

        @Test
        void isNobodyElses() {
            assertThat(
                            stranger.get("/api/webhooks/" + webhook.webhookId() + "/deliveries")
                                    .status())
                    .isEqualTo(404);
        }
    }

    @Nested
    class Returns400 {

        /// All in the same words, without an address.
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "http://127.0.0.1:6379/",
                    "https://localhost/",
                    "https://localhost./",
                    "https://[::1]/",
                    "https://[::]/",
                    "https://0.0.0.0/",
                    "https://127.1/",
                    "https://2130706433/",
                    "https://0x7f.1/",
                    "https://0177.0.0.1/",
                    "https://[::ffff:127.0.0.1]/",
                    "https://[::ffff:a9fe:a9fe]/",
                    "https://[::127.0.0.1]/",
                    "https://[64:ff9b::7f00:1]/",
                    "https://[2002:7f00:1::]/",
                    "https://169.254.169.254/",
                    "https://[fd00:ec2::254]/",
                    "https://metadata.google.internal/",
                    "https://100.64.0.1/",
                    "https://198.18.0.1/",
                    "https://192.0.0.8/",
                    "https://224.0.0.1/",
                    "https://255.255.255.255/",
                    "https://[fe80::1%25eth0]/",
                    "https://[fec0::1]/",
                    "https://10.0.0.5/",
                    "https://192.168.2.5/",
                    "http://93.184.216.34/",
                    "ftp://93.184.216.34/",
                    "https://me:word@93.184.216.34/",
                    "no url"
                })
        void forATargetThatNoWebhookMayHave(String url) {
            // When
            Api.Answer answer = api.post("/api/webhooks", wish(url, "agent.completed"));

            // Then
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.error().path("message").asString()).isEqualTo(TargetRules.REFUSED);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"events\":[]",
                    "\"events\":[\"*\"]",
                    "\"events\":[\"agent.hacked\"]",
                    "\"events\":[\"webhook.test\"]",
                    "\"events\":[\"agent.failed\",\"agent.failed\"]",
                    "\"events\":\"agent.failed\"",
                    "\"events\":[\"agent.failed\"],\"secret\":\"\"",
                    "\"events\":[\"agent.failed\"],\"secret\":\"short\"",
                    "\"events\":[\"agent.failed\"],\"secret\":\"whsec_not base64\"",
                    "\"events\":[\"agent.failed\"],\"secret\":5",
                    "\"events\":[\"agent.failed\"],\"retries\":5"
                })
        void forWrongFields(String fields) {
            assertThat(
                            api.post("/api/webhooks", "{\"url\":\"" + TARGET + "\"," + fields + "}")
                                    .status())
                    .isEqualTo(400);
            assertThat(api.get("/api/webhooks").body().path("webhooks")).isEmpty();
        }

        @Test
        void forAServiceOfTheClusterInAListedNetwork() {
            // Given
            String redis = "http://192.168.1.5:" + agency.redisProxy.port() + "/hook";
            String kafka =
                    "http://192.168.1.5:"
                            + TargetRules.portsOf(agency.log.proxiedBootstrap()).iterator().next()
                            + "/hook";

            // Then
            assertThat(api.post("/api/webhooks", wish(redis, "agent.failed")).status())
                    .isEqualTo(400);
            assertThat(api.post("/api/webhooks", wish(kafka, "agent.failed")).status())
                    .isEqualTo(400);
        }

        @Test
        void forAChangeToATargetThatNoWebhookMayHave() {
            // Given
            String id = create(TARGET);

            // When
            Api.Answer answer =
                    api.put("/api/webhooks/" + id, "{\"url\":\"https://169.254.169.254/\"}");

            // Then
            assertThat(answer.status()).isEqualTo(400);
            assertThat(onTheLog(id).url()).isEqualTo(TARGET);
        }
    }

    @Test
    void returns404ForAnothersWebhook() {
        // Given
        String id = create(TARGET);

        // Then
        assertThat(stranger.get("/api/webhooks").body().path("webhooks")).isEmpty();
        assertThat(stranger.get("/api/webhooks/" + id).status()).isEqualTo(404);
        assertThat(stranger.put("/api/webhooks/" + id, "{}").status()).isEqualTo(404);
        assertThat(stranger.post("/api/webhooks/" + id + "/rotate", "{}").status()).isEqualTo(404);
        assertThat(stranger.post("/api/webhooks/" + id + "/test", "{}").status()).isEqualTo(404);
        assertThat(stranger.delete("/api/webhooks/" + id).status()).isEqualTo(404);
        assertThat(api.get("/api/webhooks/" + id).status()).isEqualTo(200);
    }

    @Test
    void returns409ForOneTooMany() {
        // Given
        for (int i = 0; i < 20; i++) {
            create(TARGET + i);
        }

        // When
        Api.Answer answer = api.post("/api/webhooks", wish(TARGET + 20, "agent.completed"));

        // Then
        assertThat(answer.status()).isEqualTo(409);
        assertThat(
                        StreamSupport.stream(
                                        api.get("/api/webhooks")
                                                .body()
                                                .path("webhooks")
                                                .spliterator(),
                                        false)
                                .count())
                .isEqualTo(20);
    }
}
