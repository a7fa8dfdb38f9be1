package ai.j1msky.gateway.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.policy.IpBlock;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.Api;
import ai.j1msky.gateway.Api.Answer;
import ai.j1msky.gateway.TestAgency;
import ai.j1msky.gateway.TestAgency.Gateway;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Two gateways, called from several addresses of this machine.
class AddressRulesIT {

    private static final String WHITELIST = "/api/security/ip-whitelist";
    private static final String BLOCKS = "/api/security/block-ip";
    private static final String ADMIN = "127.0.0.1";
    private static final String OTHER = "127.0.0.9";
    private static final Duration PROPAGATION = Duration.ofSeconds(1);
    private static final Duration TRIAL = Duration.ofMinutes(5);

    private static final TestClock clock = new TestClock();
    private static TestAgency agency;
    private static Gateway first;
    private static Gateway second;

    @TempDir Path directory;

    @BeforeAll
    static void start() throws InterruptedException {
        agency = new TestAgency();
        first = agency.gateway(clock);
        second = agency.gateway(clock);
    }

    /// Other tests use the same log.
    @AfterEach
    void forgetAll() {
        agency.log.proxy().forward();
        agency.redisProxy.forward();
        Set<String> keys =
                agency.read(Topics.POLICIES).stream()
                        .map(policy -> policy.logKey())
                        .collect(Collectors.toSet());
        keys.forEach(
                key -> {
                    Position deleted = agency.delete(Topics.POLICIES, key);
                    for (Gateway gateway : List.of(first, second)) {
                        gateway.context().getBean(AddressRules.class).reached(deleted).join();
                    }
                });
    }

    @AfterAll
    static void stop() {
        agency.close();
    }

    private static String whitelist(String... allowed) {
        String list =
                Stream.of(allowed).map(text -> '"' + text + '"').collect(Collectors.joining(","));
        return "{\"allowed_ips\":[%s],\"enforce\":true,\"log_violations\":true}".formatted(list);
    }

    private static String block(String ip, int hours) {
        return "{\"ip\":\"%s\",\"reason\":\"suspicious_activity\",\"duration_hours\":%d}"
                .formatted(ip, hours);
    }

    private static Api other() {
        return first.api().from(OTHER);
    }

    private static void soon(Callable<Boolean> isSo) {
        await().atMost(PROPAGATION).pollInterval(Duration.ofMillis(20)).until(isSo);
    }

    private String config(String json) throws IOException {
        return "--j1msky.config=" + Files.writeString(directory.resolve("config.json"), json);
    }

    private static void requireRefused(Answer answer, String message, String yourIp) {
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body().propertyNames()).containsExactly("error");
        assertThat(answer.error().propertyNames())
                .containsExactly("code", "message", "your_ip", "request_id");
        assertThat(answer.error().path("code").intValue()).isEqualTo(403);
        assertThat(answer.error().path("message").stringValue()).isEqualTo(message);
        assertThat(answer.error().path("your_ip").stringValue()).isEqualTo(yourIp);
        assertThat(answer.error().path("request_id").stringValue())
                .isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow());
    }

    private static void requireNotWhitelisted(Answer answer, String yourIp) {
        requireRefused(answer, "IP not whitelisted", yourIp);
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }

    @Test
    void withoutAWhitelistEverybodyMayEnter() {
        // When
        Answer rules = first.api().get(WHITELIST);

        // Then
        assertThat(rules.status()).isEqualTo(200);
        assertThat(rules.body().toString())
                .isEqualTo("{\"allowed_ips\":[],\"enforce\":false,\"log_violations\":true}");
        assertThat(other().get("/api/agents").status()).isEqualTo(200);
    }

    @Test
    void whoIsNotOnTheWhitelistGetsTheDocumentedAnswerOnEveryGateway() {
        // When
        Answer set =
                first.api()
                        .put(WHITELIST, whitelist("127.0.0.0/29", "203.0.113.45/32", "10.1.1.1"));

        // Then
        assertThat(set.status()).isEqualTo(200);
        assertThat(set.body().toString())
                .isEqualTo(
                        "{\"success\":true,\"allowed_ips\":[\"127.0.0.0/29\",\"203.0.113.45/32\",\"10.1.1.1\"],"
                                + "\"enforce\":true,\"log_violations\":true}");
        requireNotWhitelisted(other().get("/api/agents"), OTHER);
        soon(() -> second.api().from(OTHER).get("/api/agents").status() == 403);
        assertThat(first.api().get("/api/agents").status()).isEqualTo(200);
        assertThat(texts(second.api().get(WHITELIST).body().path("allowed_ips")))
                .containsExactly("127.0.0.0/29", "203.0.113.45/32", "10.1.1.1");
    }

    @Test
    void theAddressIsLookedAtBeforeTheKey() {
        // Given
        first.api().put(WHITELIST, whitelist(ADMIN));

        // When
        Answer unknownKey = other().with("nobody").get("/api/agents");
        Answer unknownPath = other().get("/api/none");
        Answer body = other().post("/api/spawn", "{");

        // Then
        requireNotWhitelisted(unknownKey, OTHER);
        requireNotWhitelisted(unknownPath, OTHER);
        requireNotWhitelisted(body, OTHER);
        assertThat(other().get("/healthz").status()).isEqualTo(200);
    }

    @Test
    void aWhitelistThatIsNotEnforcedLetsEverybodyIn() {
        // Given
        String lenient = "{\"allowed_ips\":[\"10.0.0.0/8\"],\"enforce\":false}";

        // When
        Answer set = first.api().put(WHITELIST, lenient);

        // Then
        assertThat(set.body().has("reverts_at")).isFalse();
        assertThat(set.body().path("log_violations").booleanValue()).isTrue();
        assertThat(first.api().get("/api/agents").status()).isEqualTo(200);
        assertThat(other().get("/api/agents").status()).isEqualTo(200);
    }

    @Test
    void aViolationIsALineWithTheAddressWhenThatIsAskedFor() {
        // Given
        String body = "{\"allowed_ips\":[\"%s\"],\"enforce\":%s,\"log_violations\":%s}";
        clock.advance(ViolationLog.WINDOW.plusSeconds(1));

        // When
        first.api().put(WHITELIST, body.formatted(ADMIN, true, true));
        List<String> refused = violations(() -> other().get("/api/agents"));
        first.api().put(WHITELIST, body.formatted(ADMIN, false, true));
        List<String> letIn = violations(() -> other().get("/api/agents"));
        first.api().put(WHITELIST, body.formatted(ADMIN, true, false));
        List<String> silent = violations(() -> other().get("/api/agents"));

        // Then
        assertThat(refused)
                .singleElement()
                .asString()
                .startsWith("WARN address violation")
                .contains("address=\"127.0.0.9\"", "rule=\"whitelist\"", "refused=\"true\"");
        assertThat(letIn).singleElement().asString().contains("refused=\"false\"");
        assertThat(silent).isEmpty();
    }

    private static List<String> violations(Runnable calls) {
        Logger logger = (Logger) LoggerFactory.getLogger(ViolationLog.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(lines);
        try {
            calls.run();
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(null);
        }
        return lines.list.stream()
                .map(
                        line ->
                                line.getLevel()
                                        + " "
                                        + line.getFormattedMessage()
                                        + line.getKeyValuePairs())
                .toList();
    }

    @Test
    void aMappedAddressOnTheListIsTheIpv4Address() {
        // When
        Answer set = first.api().put(WHITELIST, whitelist("::ffff:127.0.0.0/125"));

        // Then
        assertThat(texts(set.body().path("allowed_ips"))).containsExactly("127.0.0.0/29");
        assertThat(first.api().get("/api/agents").status()).isEqualTo(200);
        requireNotWhitelisted(other().get("/api/agents"), OTHER);
    }

    @Test
    void whoLocksHimselfOutComesBackAfterFiveMinutesOnEveryGatewayAndOverARestart() {
        // Given
        first.api().put(WHITELIST, whitelist(ADMIN, OTHER));
        Instant before = clock.instant();

        // When
        Answer set = first.api().put(WHITELIST, whitelist("192.168.1.0/24", "10.0.0.0/8"));
        Gateway restarted = agency.gateway(clock);
        List<Gateway> all = List.of(first, second, restarted);

        // Then
        assertThat(set.status()).isEqualTo(200);
        assertThat(Instant.parse(set.text("reverts_at")))
                .isBetween(before.plus(TRIAL).minusMillis(1), clock.instant().plus(TRIAL));
        assertThat(set.text("warning")).contains(ADMIN, "reverts_at");
        for (Gateway gateway : all) {
            soon(() -> gateway.api().get("/api/agents").status() == 403);
            requireNotWhitelisted(gateway.api().get(WHITELIST), ADMIN);
        }

        // When
        clock.advance(TRIAL.minusSeconds(60));

        // Then
        requireNotWhitelisted(first.api().get("/api/agents"), ADMIN);

        // When
        clock.advance(Duration.ofSeconds(61));

        // Then
        for (Gateway gateway : all) {
            Answer rules = gateway.api().get(WHITELIST);
            assertThat(rules.status()).isEqualTo(200);
            assertThat(texts(rules.body().path("allowed_ips"))).containsExactly(ADMIN, OTHER);
            assertThat(rules.body().has("reverts_at")).isFalse();
            requireNotWhitelisted(gateway.api().from("127.0.0.7").get(WHITELIST), "127.0.0.7");
        }
    }

    @Test
    void repeatedFromAnAllowedAddressTheWhitelistStays() {
        // Given
        first.api().put(WHITELIST, whitelist(OTHER));
        Answer trial = other().get(WHITELIST);

        // When
        Answer repeated = other().put(WHITELIST, whitelist(OTHER));
        clock.advance(TRIAL.plusSeconds(1));

        // Then
        assertThat(trial.body().has("reverts_at")).isTrue();
        assertThat(repeated.body().has("reverts_at")).isFalse();
        assertThat(repeated.body().has("warning")).isFalse();
        requireNotWhitelisted(first.api().get("/api/agents"), ADMIN);
        assertThat(other().get("/api/agents").status()).isEqualTo(200);
    }

    @Test
    void theWhitelistOfTheConfigurationHoldsUntilOneIsSet() throws IOException {
        // Given
        Gateway gateway = agency.gateway(clock, config("{\"allowed_ips\": [\"127.0.0.9\"]}"));
        Api other = gateway.api().from(OTHER);

        // When
        Answer refused = gateway.api().get("/api/agents");
        Answer rules = other.get(WHITELIST);
        Answer set = other.put(WHITELIST, whitelist(ADMIN));

        // Then
        requireNotWhitelisted(refused, ADMIN);
        assertThat(rules.body().toString())
                .isEqualTo(
                        "{\"allowed_ips\":[\"127.0.0.9\"],\"enforce\":true,\"log_violations\":true}");
        assertThat(set.body().has("reverts_at")).isTrue();
        assertThat(gateway.api().get("/api/agents").status()).isEqualTo(200);

        // When
        clock.advance(TRIAL.plusSeconds(1));

        // Then
        requireNotWhitelisted(gateway.api().get("/api/agents"), ADMIN);
        assertThat(other.get("/api/agents").status()).isEqualTo(200);
    }

    @Test
    void aBlockedAddressIsRefusedOnEveryGatewayUntilItsTimeIsOver() {
        // Given
        Instant before = clock.instant();

        // When
        Answer blocked = first.api().post(BLOCKS, block(OTHER, 24));

        // Then
        assertThat(blocked.status()).isEqualTo(200);
        assertThat(blocked.body().propertyNames())
                .containsExactly("success", "ip", "reason", "until");
        assertThat(blocked.text("ip")).isEqualTo(OTHER);
        assertThat(Instant.parse(blocked.text("until")))
                .isBetween(before.plusSeconds(86_399), clock.instant().plusSeconds(86_400));
        requireRefused(other().with("nobody").get("/api/agents"), "IP blocked", OTHER);
        soon(() -> second.api().from(OTHER).get("/api/agents").status() == 403);
        JsonNode list = second.api().get(BLOCKS).body();
        assertThat(list.path("blocked").size()).isEqualTo(1);
        assertThat(list.at("/blocked/0").propertyNames()).containsExactly("ip", "reason", "until");
        assertThat(list.at("/blocked/0/reason").stringValue()).isEqualTo("suspicious_activity");

        // When
        clock.advance(Duration.ofHours(24));

        // Then
        assertThat(other().get("/api/agents").status()).isEqualTo(200);
        assertThat(first.api().get(BLOCKS).body().toString()).isEqualTo("{\"blocked\":[]}");
    }

    @Test
    void aBlockCountsWhateverTheWhitelistSays() {
        // Given
        first.api().put(WHITELIST, whitelist(ADMIN, OTHER));

        // When
        first.api().post(BLOCKS, block(OTHER, 1));

        // Then
        requireRefused(other().get("/api/agents"), "IP blocked", OTHER);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.9,            127.0.0.9",
        "::ffff:127.0.0.9,     127.0.0.9",
        "127.0.0.8/29,         127.0.0.8?prefix=29",
        "127.0.0.9/32,         127.0.0.9",
        "2001:db8::7,          2001:db8::7",
        "2001:DB8:0:0::/32,    2001:db8::?prefix=32",
        "::1,                  ::1"
    })
    void whatIsBlockedCanBeUnblocked(String ip, String path) {
        // Given
        Answer blocked = first.api().post(BLOCKS, block(ip, 1));

        // When
        Answer unblocked = first.api().delete(BLOCKS + "/" + path);

        // Then
        assertThat(blocked.status()).isEqualTo(200);
        assertThat(unblocked.status()).isEqualTo(200);
        assertThat(unblocked.body().toString()).isEqualTo("{\"success\":true}");
        assertThat(first.api().get(BLOCKS).body().path("blocked").isEmpty()).isTrue();
        assertThat(other().get("/api/agents").status()).isEqualTo(200);
        assertThat(first.api().delete(BLOCKS + "/" + path).status()).isEqualTo(200);
    }

    @Test
    void whoBlocksHimselfComesBackAfterFiveMinutesUnlessAnotherRepeatsIt() {
        // When
        Answer blocked = first.api().post(BLOCKS, block("127.0.0.0/29", 24));

        // Then
        assertThat(blocked.text("reverts_at")).isEqualTo(blocked.text("until"));
        assertThat(Instant.parse(blocked.text("until"))).isBefore(clock.instant().plus(TRIAL));
        assertThat(blocked.text("warning")).contains(ADMIN);
        requireRefused(first.api().get("/api/agents"), "IP blocked", ADMIN);

        // When
        Answer repeated = other().post(BLOCKS, block("127.0.0.0/29", 24));
        clock.advance(TRIAL.plusSeconds(1));

        // Then
        assertThat(repeated.body().has("reverts_at")).isFalse();
        requireRefused(first.api().get("/api/agents"), "IP blocked", ADMIN);

        // When
        other().delete(BLOCKS + "/127.0.0.0?prefix=29");
        first.api().post(BLOCKS, block("0.0.0.0/0", 24));
        Answer locked = other().get("/api/agents");
        clock.advance(TRIAL.plusSeconds(1));

        // Then
        requireRefused(locked, "IP blocked", OTHER);
        assertThat(first.api().get("/api/agents").status()).isEqualTo(200);
        assertThat(other().get("/api/agents").status()).isEqualTo(200);
    }

    @Test
    void blocksThatAreLongOverAreDeletedWithTheNextChange() {
        // Given
        first.api().post(BLOCKS, block("198.51.100.100", 1));
        first.api().post(BLOCKS, block("198.51.100.101", 1_000));

        // When
        clock.advance(Duration.ofHours(26));
        first.api().post(BLOCKS, block("198.51.100.102", 1));

        // Then
        await().atMost(TestAgency.SOON)
                .untilAsserted(
                        () ->
                                assertThat(second.context().getBean(AddressRules.class).blocks())
                                        .extracting(IpBlock::logKey)
                                        .containsExactlyInAnyOrder(
                                                "ip-block/198.51.100.101/32",
                                                "ip-block/198.51.100.102/32"));
    }

    @Test
    void whatAClientSaysOfItsAddressIsNotBelieved() {
        // Given
        Gateway onKubernetes = agency.gateway(clock, "--spring.main.cloud-platform=kubernetes");
        first.api().put(WHITELIST, whitelist(ADMIN));
        soon(() -> onKubernetes.api().from(OTHER).get("/api/agents").status() == 403);

        // When / Then
        for (Gateway gateway : List.of(first, onKubernetes)) {
            for (String header :
                    List.of(
                            "X-Forwarded-For",
                            "X-Real-IP",
                            "Forwarded",
                            "True-Client-IP",
                            "CF-Connecting-IP",
                            "X-Client-IP",
                            "X-Forwarded",
                            "X-Cluster-Client-IP")) {
                String value = header.equals("Forwarded") ? "for=127.0.0.1" : ADMIN;
                requireNotWhitelisted(
                        gateway.api().from(OTHER).get("/api/agents", header, value), OTHER);
            }
        }
    }

    @Test
    void behindTrustedProxiesTheClientIsTheRightMostHopThatIsNotOne() throws IOException {
        // Given
        Gateway gateway =
                agency.gateway(
                        clock, config("{\"trusted_proxies\": [\"127.0.0.2\", \"10.0.0.0/8\"]}"));
        gateway.api().put(WHITELIST, whitelist(ADMIN, "198.51.100.7", "2001:db8::/32"));
        Api proxy = gateway.api().from("127.0.0.2");
        String header = "X-Forwarded-For";

        // When / Then
        assertThat(proxy.get("/api/agents", header, "198.51.100.7").status()).isEqualTo(200);
        assertThat(proxy.get("/api/agents", header, "6.6.6.6, 198.51.100.7, 10.1.1.1").status())
                .isEqualTo(200);
        assertThat(
                        proxy.get("/api/agents", header, "6.6.6.6", header, "::ffff:198.51.100.7")
                                .status())
                .isEqualTo(200);
        assertThat(proxy.get("/api/agents", header, "2001:db8::9").status()).isEqualTo(200);
        requireNotWhitelisted(proxy.get("/api/agents", header, "198.51.100.7, 6.6.6.6"), "6.6.6.6");
        requireNotWhitelisted(
                proxy.get("/api/agents", header, "198.51.100.7", header, "6.6.6.6, 10.1.1.1"),
                "6.6.6.6");
        requireNotWhitelisted(
                proxy.get("/api/agents", header, "198.51.100.7, unknown"), "127.0.0.2");
        requireNotWhitelisted(proxy.get("/api/agents"), "127.0.0.2");
        requireNotWhitelisted(
                gateway.api().from(OTHER).get("/api/agents", header, "198.51.100.7"), OTHER);
    }

    @Test
    void anIpv6ClientIsTreatedAlike() {
        // Given
        Gateway gateway = agency.gateway(clock, "--server.address=::1");

        // When
        Answer set = gateway.api().put(WHITELIST, whitelist("::1"));
        soon(() -> first.api().get("/api/agents").status() == 403);
        Answer trial = gateway.api().put(WHITELIST, whitelist("127.0.0.0/8", "0.0.0.0/0"));

        // Then
        assertThat(set.body().has("reverts_at")).isFalse();
        assertThat(trial.body().has("reverts_at")).isTrue();
        requireNotWhitelisted(gateway.api().get("/api/agents"), "::1");
    }

    @Test
    void theRulesHoldWhileRedisAndTheLogAreAwayAndChangesAreNotPromised() {
        // Given
        first.api().put(WHITELIST, whitelist(ADMIN));

        // When
        agency.redisProxy.pause();
        agency.log.proxy().pause();
        Answer refused = other().get("/api/agents");
        Answer read = first.api().get(WHITELIST);
        Answer set = first.api().put(WHITELIST, whitelist(ADMIN, OTHER));
        Answer blocked = first.api().post(BLOCKS, block("198.51.100.100", 1));
        Answer unblocked = first.api().delete(BLOCKS + "/198.51.100.100");

        // Then
        requireNotWhitelisted(refused, OTHER);
        assertThat(read.status()).isEqualTo(200);
        for (Answer unknown : List.of(set, blocked, unblocked)) {
            assertThat(unknown.status()).isEqualTo(503);
            assertThat(unknown.error().path("retry_after").intValue()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {}                                              | allowed_ips must be
                    {"allowed_ips":null}                            | allowed_ips must be
                    {"allowed_ips":"10.0.0.0/8"}                    | allowed_ips must be
                    {"allowed_ips":{}}                              | allowed_ips must be
                    {"allowed_ips":[]}                              | allowed_ips is empty
                    {"allowed_ips":[7]}                             | allowed_ips[0] must be a string
                    {"allowed_ips":["10.0.0.1",null]}               | allowed_ips[1] must be a string
                    {"allowed_ips":["10.0.0.1","office"]}           | allowed_ips[1] must be an address
                    {"allowed_ips":["127.1"]}                       | allowed_ips[0] must be an address
                    {"allowed_ips":["0x7f.0.0.1"]}                  | allowed_ips[0] must be an address
                    {"allowed_ips":["fe80::1%eth0"]}                | allowed_ips[0] must be an address
                    {"allowed_ips":["10.0.0.0/33"]}                 | allowed_ips[0] must be an address
                    {"allowed_ips":["10.0.0.0-10.0.0.9"]}           | allowed_ips[0] must be an address
                    {"allowed_ips":["10.0.0.1/8"]}                  | allowed_ips[0] has bits set
                    {"allowed_ips":["10.0.0.1","10.0.0.1/32"]}      | allowed_ips[1] names 10.0.0.1/32 again
                    {"allowed_ips":["127.0.0.1"],"enforce":"true"}  | enforce must be
                    {"allowed_ips":["127.0.0.1"],"enforce":1}       | enforce must be
                    {"allowed_ips":["127.0.0.1"],"log_violations":0} | log_violations must be
                    {"allowed_ips":["127.0.0.1"],"allow":[]}        | Unknown field 'allow'
                    {"allowed_ips":["127.0.0.1"],"allowed_ips":[]}  | 'allowed_ips' is given more than once
                    """)
    void aWhitelistThatIsNotUnderstoodChangesNothing(String body, String mention) {
        // When
        Answer answer = first.api().put(WHITELIST, body);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().path("message").stringValue()).contains(mention);
        assertThat(first.api().get(WHITELIST).body().path("enforce").booleanValue()).isFalse();
    }

    @Test
    void aWhitelistHoldsSoManyNetworksAndNoMore() {
        // Given
        String[] allowed =
                Stream.iterate(0, n -> n + 1)
                        .limit(501)
                        .map(n -> n == 0 ? ADMIN : "10.0.%d.%d".formatted(n / 256, n % 256))
                        .toArray(String[]::new);
        String[] fewer = Stream.of(allowed).limit(500).toArray(String[]::new);

        // When
        Answer tooMany = first.api().put(WHITELIST, whitelist(allowed));
        Answer most = first.api().put(WHITELIST, whitelist(fewer));

        // Then
        assertThat(tooMany.status()).isEqualTo(400);
        assertThat(tooMany.error().path("message").stringValue()).contains("allowed_ips");
        assertThat(most.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {}                                              | ip is missing
                    {"ip":""}                                       | ip must have
                    {"ip":7}                                        | ip must be a string
                    {"ip":["10.0.0.1"]}                             | ip must be a string
                    {"ip":"example.com"}                            | ip must be an address
                    {"ip":"10.0.0.*"}                               | ip must be an address
                    {"ip":"10.0.0.1/8"}                             | ip has bits set
                    {"ip":"10.0.0.1","duration_hours":0}            | duration_hours must be
                    {"ip":"10.0.0.1","duration_hours":-1}           | duration_hours must be
                    {"ip":"10.0.0.1","duration_hours":1.5}          | duration_hours must be
                    {"ip":"10.0.0.1","duration_hours":"24"}         | duration_hours must be
                    {"ip":"10.0.0.1","duration_hours":99999999999}  | duration_hours must be
                    {"ip":"10.0.0.1","reason":5}                    | reason must be
                    {"ip":"10.0.0.1","hours":5}                     | Unknown field 'hours'
                    """)
    void aBlockThatIsNotUnderstoodChangesNothing(String body, String mention) {
        // When
        Answer answer = first.api().post(BLOCKS, body);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().path("message").stringValue()).contains(mention);
        assertThat(first.api().get(BLOCKS).body().path("blocked").isEmpty()).isTrue();
    }

    @Test
    void aReasonAndADurationMayBeLeftOut() {
        // When
        Answer blocked = first.api().post(BLOCKS, "{\"ip\":\"198.51.100.100\"}");

        // Then
        assertThat(blocked.status()).isEqualTo(200);
        assertThat(blocked.body().path("reason").isNull()).isTrue();
        assertThat(Instant.parse(blocked.text("until")))
                .isAfter(clock.instant().plusSeconds(86_300));
    }

    @ParameterizedTest
    @CsvSource({
        "/example.com,             400, ip in the path must be an address",
        "/127.1,                   400, ip in the path must be an address",
        "/10.0.0.1?prefix=8,       400, ip in the path has bits set",
        "/10.0.0.0?prefix=33,      400, ip in the path must be an address",
        "/10.0.0.0?prefix=x,       400, prefix must be",
        "/10.0.0.0?prefix=129,     400, prefix must be",
        "/10.0.0.0?length=8,       400, Unknown query parameter",
        "/10.0.0.0/8,              404, nothing here",
        "/10.0.0.0%2F8,            404, nothing here",
        "/2001%3Adb8%3A%3A7,       404, nothing here"
    })
    void onlyAPlainAddressIsUnblocked(String path, int status, String mention) {
        // When
        Answer answer = first.api().delete(BLOCKS + path);

        // Then
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.error().path("message").stringValue()).contains(mention);
    }

    @Test
    void onlyAdminsSeeAndSetRules() {
        // Given
        EnumSet<Scope> rest = EnumSet.complementOf(EnumSet.of(Scope.ADMIN));
        String key = agency.mint(KeyEnvironment.LIVE, rest).text().reveal();
        Api api = first.api().with(key);
        await().atMost(TestAgency.SOON).until(() -> api.get("/api/agents").status() == 200);

        // When
        List<Answer> answers =
                List.of(
                        api.get(WHITELIST),
                        api.put(WHITELIST, whitelist("10.0.0.0/8")),
                        api.get(BLOCKS),
                        api.post(BLOCKS, block(OTHER, 1)),
                        api.delete(BLOCKS + "/" + OTHER));

        // Then
        assertThat(answers).extracting(Answer::status).containsOnly(403);
        assertThat(answers)
                .extracting(answer -> answer.error().path("message").stringValue())
                .allSatisfy(message -> assertThat(message).contains("admin"));
        assertThat(first.api().get(WHITELIST).body().path("enforce").booleanValue()).isFalse();
        assertThat(first.api().get(BLOCKS).body().path("blocked").isEmpty()).isTrue();
    }

    @Test
    void anAdminOfAnotherAccountSetsTheSameRules() {
        // Given
        String body =
                "{\"name\":\"n\",\"env\":\"dev\",\"scopes\":[\"admin\",\"agents:read\"],\"account\":\"second\"}";
        Api second = first.api().with(first.api().post("/api/keys", body).text("key"));

        // When
        Answer set = second.put(WHITELIST, whitelist(ADMIN));

        // Then
        assertThat(set.status()).isEqualTo(200);
        assertThat(texts(first.api().get(WHITELIST).body().path("allowed_ips")))
                .containsExactly(ADMIN);
        requireNotWhitelisted(other().get("/api/agents"), OTHER);
    }
}
