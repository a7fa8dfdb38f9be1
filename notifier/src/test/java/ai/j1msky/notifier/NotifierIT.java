package ai.j1msky.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.agent.Privacy;
import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.network.Network;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.DeliveryAttempt;
import ai.j1msky.common.webhook.DeliveryId;
import ai.j1msky.common.webhook.DeliveryRecord;
import ai.j1msky.common.webhook.TargetRules;
import ai.j1msky.common.webhook.Webhook;
import ai.j1msky.common.webhook.WebhookDelivery;
import ai.j1msky.common.webhook.WebhookEvent;
import ai.j1msky.common.webhook.WebhookRequest;
import ai.j1msky.common.webhook.WebhookState;
import ai.j1msky.infra.testkit.Infrastructure;
import ai.j1msky.infra.testkit.webhook.WebhookReceiver;
import ai.j1msky.infra.testkit.webhook.WebhookReceiver.Received;
import ai.j1msky.notifier.TestLog.Agent;
import ai.j1msky.notifier.send.Sender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Notifiers on a real log, with an endpoint that misbehaves when it is asked to.
class NotifierIT {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final AtomicLong ACCOUNTS = new AtomicLong();

    private final AccountId account = new AccountId("account-" + ACCOUNTS.incrementAndGet());
    private final List<Notifier> notifiers = new ArrayList<>();
    private final WebhookReceiver receiver = WebhookReceiver.start();
    private TestLog log;

    @BeforeEach
    void start() throws Exception {
        log = new TestLog();
    }

    @AfterEach
    void stop() {
        notifiers.forEach(Notifier::close);
        receiver.close();
        log.close();
    }

    private Notifier notifier(String node) {
        Notifier notifier =
                new Notifier(
                        new LogClients(Infrastructure.get().kafkaBootstrap(), node),
                        node,
                        log.master,
                        new Sender(
                                new TargetRules(List.of(Network.parse("127.0.0.0/8")), Set.of())),
                        new NotifierMetrics(new SimpleMeterRegistry()),
                        Clock.systemUTC());
        notifiers.add(notifier);
        notifier.start();
        await().atMost(SOON).until(notifier::isFollowing);
        return notifier;
    }

    private List<Received> awaitReceived(String path, int number) {
        await().atMost(SOON).until(() -> receiver.received(path).size() >= number);
        return receiver.received(path);
    }

    private static JsonNode body(Received request) {
        return WireJson.MAPPER.readTree(request.body());
    }

    private List<DeliveryAttempt> attempts(Webhook webhook) {
        return log.read(Topics.WEBHOOK_DELIVERIES).stream()
                .filter(record -> record.webhookId().equals(webhook.webhookId()))
                .filter(DeliveryAttempt.class::isInstance)
                .map(DeliveryAttempt.class::cast)
                .toList();
    }

    private void awaitOutcome(Webhook webhook, DeliveryAttempt.Outcome outcome) {
        await().atMost(SOON)
                .until(() -> attempts(webhook).stream().anyMatch(a -> a.outcome() == outcome));
    }

    private WebhookState state(Webhook webhook) {
        return log.read(Topics.WEBHOOK_STATES).stream()
                .filter(state -> state.webhookId().equals(webhook.webhookId()))
                .toList()
                .getLast();
    }

    @Test
    void eachEndIsToldToEachEndpointOfItsAccountThatAskedForIt() throws Exception {
        // Given
        log.webhook(account, receiver.url("/ok/all"), WebhookEvent.values());
        log.webhook(account, receiver.url("/ok/failed"), WebhookEvent.AGENT_FAILED);
        log.webhook(
                new AccountId(account + "-other"),
                receiver.url("/ok/other"),
                WebhookEvent.values());
        notifier("notifier-1");

        // When
        List<Agent> agents =
                IntStream.range(0, 20).mapToObj(n -> log.spawn(account, "task " + n)).toList();
        for (int n = 0; n < agents.size(); n++) {
            Agent agent = agents.get(n);
            log.events(
                    agent.started(), n % 4 == 0 ? agent.failed() : agent.completed("result " + n));
        }

        // Then
        List<Received> all = awaitReceived("/ok/all", 40);
        awaitReceived("/ok/failed", 5);
        assertThat(all)
                .extracting(request -> Long.parseLong(request.header("webhook-sequence")))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 40).boxed().toList());
        assertThat(all).extracting(r -> r.header("webhook-id")).doesNotHaveDuplicates();
        Received last =
                all.stream()
                        .filter(r -> r.body().contains("\"result 19\""))
                        .findFirst()
                        .orElseThrow();
        assertThat(body(last).path("event").asString()).isEqualTo("agent.completed");
        JsonNode data = body(last).path("data");
        assertThat(data.propertyNames())
                .containsExactly("agent_id", "model", "task", "result", "cost");
        assertThat(data.path("agent_id").asString())
                .isEqualTo(agents.getLast().order().agentId().value());
        assertThat(data.path("task").asString()).isEqualTo("task 19");
        assertThat(data.path("cost").asDouble()).isEqualTo(0.03);
        new com.standardwebhooks.Webhook(TestLog.SECRET.getBytes(StandardCharsets.UTF_8))
                .verify(last.body(), headers(last));
        assertThat(receiver.received("/ok/failed"))
                .hasSize(5)
                .allSatisfy(
                        r ->
                                assertThat(body(r).at("/data/error/code").asString())
                                        .isEqualTo("timeout"));
        assertThat(receiver.received("/ok/other")).isEmpty();
    }

    private static HttpHeaders headers(Received request) {
        return HttpHeaders.of(
                request.headers().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue()))),
                (name, value) -> true);
    }

    @Test
    void whatFailedIsSentAgainTheSameEvenByAnotherNotifier() {
        // Given
        Webhook webhook =
                log.webhook(account, receiver.url("/fails/1"), WebhookEvent.AGENT_COMPLETED);
        Notifier first = notifier("notifier-1");
        Agent agent = log.spawn(account, "task");
        log.events(agent.started(), agent.completed("result"));
        awaitOutcome(webhook, DeliveryAttempt.Outcome.RETRY);

        // When
        first.close();
        notifier("notifier-2");
        awaitOutcome(webhook, DeliveryAttempt.Outcome.DELIVERED);

        // Then
        List<Received> requests = receiver.received("/fails/1");
        assertThat(requests).hasSize(2);
        assertThat(requests.get(1).body()).isEqualTo(requests.get(0).body());
        assertThat(requests)
                .extracting(r -> r.header("webhook-id"))
                .containsOnly(requests.get(0).header("webhook-id"));
        assertThat(requests).extracting(r -> r.header("webhook-sequence")).containsOnly("1");
        assertThat(attempts(webhook)).extracting(DeliveryAttempt::attempt).containsExactly(1, 2);
        assertThat(attempts(webhook)).extracting(DeliveryAttempt::status).containsExactly(500, 200);
        assertThat(state(webhook).failingSince()).isNull();
    }

    @Test
    void whatHappensWhileNobodyWorksIsToldOnce() {
        // Given
        log.webhook(account, receiver.url("/ok/later"), WebhookEvent.AGENT_COMPLETED);
        Agent before = log.spawn(account, "before");
        Agent across = log.spawn(account, "across");
        Notifier first = notifier("notifier-1");
        log.events(before.started(), before.completed("one"), across.started());
        awaitReceived("/ok/later", 1);
        first.close();

        // When
        log.events(across.completed("two"));
        Agent after = log.spawn(account, "after");
        log.events(after.started(), after.completed("three"));
        notifier("notifier-1");

        // Then
        awaitReceived("/ok/later", 3);
        // Copies of records change nothing, and come before what is told after them.
        log.events(before.completed("one"), across.completed("two"));
        Agent last = log.spawn(account, "last");
        log.events(last.started(), last.completed("four"));
        await().atMost(SOON)
                .until(
                        () ->
                                receiver.received("/ok/later").stream()
                                        .anyMatch(r -> r.body().contains("four")));
        assertThat(receiver.received("/ok/later"))
                .extracting(r -> body(r).at("/data/result").asString())
                .containsExactlyInAnyOrder("one", "two", "three", "four");
    }

    @Test
    void aDeletedEndpointIsToldNothingAnyMore() {
        // Given
        Webhook webhook =
                log.webhook(account, receiver.url("/fails/9"), WebhookEvent.AGENT_COMPLETED);
        notifier("notifier-1");
        Agent agent = log.spawn(account, "task");
        log.events(agent.started(), agent.completed("result"));
        awaitOutcome(webhook, DeliveryAttempt.Outcome.RETRY);

        // When
        log.delete(webhook);

        // Then
        awaitOutcome(webhook, DeliveryAttempt.Outcome.DROPPED);
        assertThat(receiver.received("/fails/9")).hasSize(1);
    }

    @Test
    void whatWasDeletedIsToldNoMoreAlsoByAnotherNotifier() {
        // Given
        Webhook tried =
                log.webhook(account, receiver.url("/fails/9"), WebhookEvent.AGENT_COMPLETED);
        Notifier first = notifier("notifier-1");
        Agent one = log.spawn(account, "one");
        log.events(one.started(), one.completed("secret one"));
        awaitOutcome(tried, DeliveryAttempt.Outcome.RETRY);

        // When
        log.erase(one);

        // Then
        awaitOutcome(tried, DeliveryAttempt.Outcome.DROPPED);
        first.close();
        Webhook later =
                log.webhook(account, receiver.url("/ok/after"), WebhookEvent.AGENT_COMPLETED);
        Agent two = log.spawn(account, "two");
        Agent three = log.spawn(account, "three");
        log.events(two.started(), two.completed("secret two"));
        log.erase(two);
        log.events(three.started(), three.completed("three"));
        notifier("notifier-2");
        awaitOutcome(later, DeliveryAttempt.Outcome.DELIVERED);
        assertThat(receiver.received("/ok/after"))
                .extracting(Received::body)
                .singleElement()
                .asString()
                .contains("three");
    }

    @Test
    void aResultThatIsToBeReadThroughTheApiAloneIsNotSent() {
        // Given
        log.webhook(account, receiver.url("/ok/withheld"), WebhookEvent.AGENT_COMPLETED);
        notifier("notifier-1");

        // When
        Agent agent = log.spawn(account, "task", new Privacy(false, true, true, null, null));
        log.events(agent.started(), agent.completed("for the API alone"));

        // Then
        awaitReceived("/ok/withheld", 1);
        JsonNode data =
                WireJson.MAPPER
                        .readTree(receiver.received("/ok/withheld").getFirst().body())
                        .path("data");
        assertThat(data.path("result").isNull()).isTrue();
        assertThat(data.path("task").asString()).isEqualTo("task");
        assertThat(data.path("cost").asString()).isEqualTo("0.03");
    }

    @Test
    void anEndpointThatIsGoneIsDisabled() {
        // Given
        Webhook webhook =
                log.webhook(account, receiver.url("/status/410"), WebhookEvent.AGENT_COMPLETED);
        Webhook other =
                log.webhook(
                        account,
                        receiver.url("/ok/sound"),
                        WebhookEvent.AGENT_COMPLETED,
                        WebhookEvent.WEBHOOK_DISABLED);
        notifier("notifier-1");
        Agent agent = log.spawn(account, "task");
        log.events(agent.started(), agent.completed("one"));
        awaitOutcome(webhook, DeliveryAttempt.Outcome.GIVEN_UP);

        // When
        Agent next = log.spawn(account, "next");
        log.events(next.started(), next.completed("two"));

        // Then
        awaitReceived("/ok/sound", 3);
        assertThat(receiver.received("/ok/sound"))
                .filteredOn(r -> body(r).path("event").asString().equals("webhook.disabled"))
                .singleElement()
                .satisfies(
                        r ->
                                assertThat(body(r).at("/data/webhook_id").asString())
                                        .isEqualTo(webhook.webhookId().value()));
        assertThat(receiver.received("/status/410")).hasSize(1);
        assertThat(state(webhook).disables(webhook)).isTrue();
        assertThat(state(other).disables(other)).isFalse();
    }

    @Test
    void whatWaitsForADisabledEndpointIsDropped() {
        // Given: it was disabled by a notifier before
        Webhook webhook =
                log.webhook(account, receiver.url("/ok/disabled"), WebhookEvent.AGENT_COMPLETED);
        Instant now = Instant.now();
        log.append(
                Topics.WEBHOOK_STATES,
                WebhookState.of(webhook).next(now).disabledFor(1, "It has failed.", now));
        DeliveryId id = DeliveryId.of(webhook.webhookId(), "something");
        log.append(
                Topics.WEBHOOK_DELIVERIES,
                new WebhookDelivery(
                        id,
                        webhook.webhookId(),
                        account,
                        WebhookEvent.AGENT_COMPLETED,
                        null,
                        1,
                        new SealedText(log.master.sealSecret("{}", WebhookDelivery.bodyField(id))),
                        now));

        // When
        notifier("notifier-1");

        // Then
        awaitOutcome(webhook, DeliveryAttempt.Outcome.DROPPED);
        assertThat(attempts(webhook).getFirst().error()).isEqualTo("disabled");
        assertThat(receiver.received("/ok/disabled")).isEmpty();
    }

    @Test
    void alertsAndTestsAreToldToo() {
        // Given
        Webhook webhook =
                log.webhook(account, receiver.url("/ok/alerts"), WebhookEvent.BILLING_ALERT);
        notifier("notifier-1");
        Instant now = Instant.now();

        // When
        log.append(
                Topics.BILLING_ALERTS,
                new BillingAlert(
                        account,
                        "account",
                        BillingAlert.Kind.BUDGET,
                        "2026-11-26/80",
                        Money.micros(50_000_000),
                        Money.micros(40_000_000),
                        now));
        log.append(Topics.WEBHOOK_REQUESTS, WebhookRequest.test(webhook, "req_1", now));

        // Then
        assertThat(awaitReceived("/ok/alerts", 2))
                .extracting(r -> body(r).path("event").asString())
                .containsExactlyInAnyOrder("billing.alert", "webhook.test");
        assertThat(receiver.received("/ok/alerts"))
                .anySatisfy(r -> assertThat(body(r).at("/data/amount").asDouble()).isEqualTo(40.0));
    }

    @Test
    void aKeyThatEndsSoonIsToldOfOnceWhoeverWorks() {
        // Given: two whose last days begin at the same time, and one that has longer to live
        Webhook webhook = log.webhook(account, receiver.url("/ok/keys"), WebhookEvent.KEY_EXPIRING);
        Instant soon = Instant.now().plus(MintedKey.REMINDER).plusSeconds(1);
        List<ApiKey> ending = List.of(log.key(account, soon), log.key(account, soon));
        log.key(account, soon.plus(Duration.ofDays(1)));
        log.key(new AccountId(account + "-other"), soon);
        Notifier first = notifier("notifier-1");
        List<Received> told = awaitReceived("/ok/keys", 2);
        awaitOutcome(webhook, DeliveryAttempt.Outcome.DELIVERED);
        Instant keysTold = state(webhook).keysTold();

        // When: it starts again, and another takes over
        first.close();
        notifier("notifier-1").close();
        notifier("notifier-2");
        ApiKey next = log.key(account, soon.plusMillis(1));
        awaitReceived("/ok/keys", 3);

        // Then
        assertThat(keysTold).isEqualTo(ending.getFirst().reminder());
        assertThat(receiver.received("/ok/keys"))
                .extracting(r -> body(r).at("/data/key_id").asString())
                .containsExactlyInAnyOrder(
                        ending.get(0).logKey(), ending.get(1).logKey(), next.logKey());
        assertThat(told)
                .allSatisfy(
                        r -> {
                            assertThat(body(r).path("event").asString()).isEqualTo("key.expiring");
                            assertThat(body(r).path("data").propertyNames())
                                    .containsExactly("key_id", "name", "env", "expires_at");
                            assertThat(Instant.parse(body(r).at("/data/expires_at").asString()))
                                    .isCloseTo(soon, within(1, ChronoUnit.MILLIS));
                        });
    }

    @Test
    void whatWasDeliveredIsSentAgainOnRequest() {
        // Given
        Webhook webhook =
                log.webhook(account, receiver.url("/ok/again"), WebhookEvent.AGENT_COMPLETED);
        Notifier first = notifier("notifier-1");
        for (int n = 0; n < 3; n++) {
            Agent agent = log.spawn(account, "task " + n);
            log.events(agent.started(), agent.completed("result " + n));
        }
        List<Received> before = awaitReceived("/ok/again", 3);
        await().atMost(SOON).until(() -> attempts(webhook).size() == 3);
        String one = before.get(1).header("webhook-id");

        // When: one, and then all
        log.append(
                Topics.WEBHOOK_REQUESTS,
                WebhookRequest.resend(
                        webhook, new DeliveryId(one), webhook.created(), "req_1", Instant.now()));
        awaitReceived("/ok/again", 4);
        await().atMost(SOON).until(() -> attempts(webhook).size() == 4);
        log.append(
                Topics.WEBHOOK_REQUESTS,
                WebhookRequest.resend(webhook, null, webhook.created(), "req_2", Instant.now()));
        List<Received> all = awaitReceived("/ok/again", 7);

        // Then
        assertThat(all.get(3).header("webhook-id")).isEqualTo(one);
        Map<String, List<Received>> byId =
                all.stream().collect(Collectors.groupingBy(r -> r.header("webhook-id")));
        assertThat(byId).hasSize(3);
        assertThat(byId.values())
                .allSatisfy(
                        same -> {
                            assertThat(same)
                                    .extracting(Received::body)
                                    .containsOnly(same.getFirst().body());
                            assertThat(same)
                                    .extracting(r -> r.header("webhook-sequence"))
                                    .containsOnly(same.getFirst().header("webhook-sequence"));
                        });
        await().atMost(SOON).until(() -> attempts(webhook).size() == 7);
        first.close();
        notifier("notifier-2");
        Agent last = log.spawn(account, "last");
        log.events(last.started(), last.completed("last"));
        assertThat(awaitReceived("/ok/again", 8)).hasSize(8);
    }

    @Test
    void noRecordStopsAllOthers() {
        // Given
        log.webhook(account, receiver.url("/ok/on"), WebhookEvent.AGENT_COMPLETED);
        notifier("notifier-1");

        // When: a result that is none, one that no record could take with its task, and a common
        // one
        Agent broken = log.spawn(account, "task");
        log.events(broken.started(), broken.completedWith("no JSON"));
        Agent large = log.spawn(account, "\"".repeat(100_000));
        log.events(large.started(), large.completed("\"".repeat(750_000)));
        Agent last = log.spawn(account, "task");
        log.events(last.started(), last.completed("last"));

        // Then
        List<Received> told = awaitReceived("/ok/on", 2);
        assertThat(told)
                .filteredOn(r -> body(r).at("/data/result_too_large").asBoolean(false))
                .singleElement()
                .satisfies(
                        r -> {
                            assertThat(body(r).at("/data/result").isNull()).isTrue();
                            assertThat(body(r).at("/data/task").asString()).hasSize(100_000);
                        });
        assertThat(told)
                .filteredOn(r -> body(r).at("/data/result").asString("").equals("last"))
                .hasSize(1);
    }

    @Test
    void noTextLiesOnTheLogInClear() {
        // Given
        log.webhook(account, receiver.url("/ok/sealed"), WebhookEvent.AGENT_COMPLETED);
        notifier("notifier-1");

        // When
        Agent agent = log.spawn(account, "canary-task");
        log.events(agent.started(), agent.completed("canary-result"));
        awaitReceived("/ok/sealed", 1);

        // Then
        List<DeliveryRecord> records = log.read(Topics.WEBHOOK_DELIVERIES);
        assertThat(records).isNotEmpty();
        assertThat(records)
                .allSatisfy(
                        record ->
                                assertThat(WireJson.MAPPER.writeValueAsString(record))
                                        .doesNotContain("canary"));
    }
}
