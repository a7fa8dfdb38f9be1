package ai.j1msky.gateway.auditlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.audit.AuditPolicy;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.Api;
import ai.j1msky.gateway.Api.Answer;
import ai.j1msky.gateway.Roomy;
import ai.j1msky.gateway.TestAgency;
import ai.j1msky.gateway.TestAgency.Gateway;
import ai.j1msky.gateway.TestAgent;
import ai.j1msky.gateway.audit.Audit;
import ai.j1msky.gateway.audit.chain.Breach;
import ai.j1msky.gateway.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The audit log of two gateways: the first goes on when it cannot be written, the second refuses changes.
class AuditIT {

    private static final String AUDIT = "/api/security/audit";
    private static final String ENTRIES = AUDIT + "/entries";
    private static final String PROMPT = "the prompt is hunter2";
    private static final String SPAWN =
            "{\"model\":\"k2p5\",\"task\":\"" + PROMPT + "\",\"timeout\":60}";

    private static TestAgency agency;
    private static Gateway open;
    private static Gateway closed;
    private static WorkerId worker;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        agency = new TestAgency();
        Path opens = directory.resolve("open.json");
        Files.writeString(opens, Roomy.CONFIG.replaceFirst("\\{", "{\"concurrent_agents\":10000,"));
        Path closes = directory.resolve("closed.json");
        Files.writeString(
                closes,
                Roomy.CONFIG.replaceFirst(
                        "\\{", "{\"concurrent_agents\":10000,\"audit_unwritable\":\"closed\","));
        open = agency.gateway("--j1msky.config=" + opens);
        closed = agency.gateway("--j1msky.config=" + closes);
        worker = agency.worker(true);
    }

    @AfterEach
    void heal() {
        agency.log.proxy().forward();
        await().atMost(TestAgency.SOON)
                .ignoreExceptions()
                .until(() -> open.api().post(AUDIT, "{}").status() == 200);
        await().atMost(TestAgency.SOON)
                .until(() -> closed.api().post("/api/spawn", SPAWN).status() == 200);
    }

    @AfterAll
    static void stop() {
        agency.close();
    }

    @Test
    void aSpawnHasOneEntryAsDocumentedAndWithoutItsTask() {
        // Given
        Answer spawned =
                open.api()
                        .post(
                                "/api/spawn",
                                SPAWN,
                                "User-Agent",
                                "j1msky-sdk/1.0.0",
                                "Idempotency-Key",
                                "audited");
        Answer replayed = open.api().post("/api/spawn", SPAWN, "Idempotency-Key", "audited");

        // When
        List<JsonNode> entries = awaitEntries(1, "agent.spawn", spawned.text("agent_id"));

        // Then
        assertThat(replayed.text("agent_id")).isEqualTo(spawned.text("agent_id"));
        assertThat(entries).hasSize(1);
        JsonNode entry = entries.getFirst();
        assertThat(entry.propertyNames())
                .startsWith(
                        "timestamp",
                        "event",
                        "severity",
                        "api_key_id",
                        "ip_address",
                        "user_agent",
                        "request_id",
                        "resource",
                        "details");
        assertThat(Instant.parse(entry.path("timestamp").asString()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(entry.path("event").asString()).isEqualTo("agent.spawn");
        assertThat(entry.path("severity").asString()).isEqualTo("info");
        assertThat(entry.path("api_key_id").asString())
                .isEqualTo(agency.owner.kept().keyId().value());
        assertThat(entry.path("ip_address").asString()).isEqualTo("127.0.0.1");
        assertThat(entry.path("user_agent").asString()).isEqualTo("j1msky-sdk/1.0.0");
        assertThat(entry.path("request_id").asString())
                .isEqualTo(spawned.headers().firstValue("X-Request-Id").orElseThrow());
        assertThat(entry.path("resource").path("type").asString()).isEqualTo("agent");
        assertThat(entry.path("resource").path("id").asString())
                .isEqualTo(spawned.text("agent_id"));
        assertThat(entry.path("details").path("model").asString()).isEqualTo("k2p5");
        assertThat(entry.path("details").path("task_preview").asString())
                .isEqualTo("[masked, 21 characters]");
        assertThat(entry.path("details").path("estimated_cost").decimalValue())
                .isEqualByComparingTo(spawned.body().path("estimated_cost").decimalValue());
        assertThat(entry.path("account").asString()).isEqualTo("main");
        assertThat(entry.path("hash").asString()).matches("[0-9a-f]{64}");
    }

    @Test
    void everyEndHasOneEntry() {
        // Given
        TestAgent good = running();
        TestAgent bad = running();
        TestAgent cancelled = agency.spawn(TestAgent.create());
        awaitStatus(cancelled, "spawning");

        // When
        agency.append(
                good.completed(1, worker, "the result is hunter2", 12_345),
                bad.failed(1, worker, 0));
        Answer cancel = open.api().delete("/api/agent/" + cancelled.id());
        JsonNode complete = awaitEntries(1, "agent.complete", good.id().value()).getFirst();
        JsonNode fail = awaitEntries(1, "agent.fail", bad.id().value()).getFirst();
        JsonNode end = awaitEntries(1, "agent.cancel", cancelled.id().value()).getFirst();

        // Then
        assertThat(complete.path("details").path("cost").decimalValue())
                .isEqualByComparingTo("0.012345");
        assertThat(complete.path("api_key_id").asString()).isEqualTo(TestAgent.KEY.value());
        assertThat(complete.path("request_id").isNull()).isTrue();
        assertThat(complete.toString()).doesNotContain("hunter2");
        assertThat(fail.path("severity").asString()).isEqualTo("warning");
        assertThat(fail.path("details").path("code").asString()).isEqualTo("provider_error");
        assertThat(cancel.status()).isEqualTo(200);
        assertThat(end.path("details").path("status").asInt()).isEqualTo(200);
        for (TestAgent agent : List.of(good, bad)) {
            assertThat(
                            agency.read(Topics.AUDIT).stream()
                                    .filter(e -> isAbout(e, agent.id().value()))
                                    .toList())
                    .hasSize(1);
        }
    }

    @Test
    void theConfigurationIsReadBackEverywhereAndItsChangeIsAlwaysTold() {
        // Given
        String documented =
                """
                {"enabled": true, "log_level": "verbose", "retention_days": 90,
                 "include_request_body": false, "include_response_body": false,
                 "events": ["agent.spawn", "agent.complete", "agent.fail", "api.key.used",
                            "config.change", "security.violation"]}
                """;

        // When
        Answer changed = open.api().post(AUDIT, documented);
        Answer here = open.api().get(AUDIT);
        await().atMost(TestAgency.SOON)
                .until(() -> closed.api().get(AUDIT).body().equals(here.body()));
        Answer off = open.api().post(AUDIT, "{\"enabled\":false,\"retention_days\":30}");
        awaitRetention(30);
        Answer spawned = open.api().post("/api/spawn", SPAWN);
        Answer on = open.api().post(AUDIT, "{}");
        awaitRetention(90);
        List<JsonNode> changes =
                await().atMost(TestAgency.SOON)
                        .until(
                                () -> entries("event=config.change&limit=3"),
                                found ->
                                        found.size() == 3
                                                && !found.get(1)
                                                        .path("details")
                                                        .path("after")
                                                        .path("enabled")
                                                        .asBoolean(true));

        // Then
        assertThat(here.body()).isEqualTo(WireJson.MAPPER.readTree(documented));
        assertThat(changed.body().path("success").asBoolean()).isTrue();
        assertThat(off.status()).isEqualTo(200);
        assertThat(on.body().path("log_level").asString()).isEqualTo("normal");
        assertThat(changes.get(0).path("details").path("after").path("enabled").asBoolean())
                .isTrue();
        assertThat(changes.get(1).path("details").path("after").path("enabled").asBoolean())
                .isFalse();
        assertThat(entries("event=agent.spawn&agent_id=" + spawned.text("agent_id"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"events\":[\"agent.hacked\"]}",
                "{\"events\":[]}",
                "{\"events\":[\"agent.spawn\",\"agent.spawn\"]}",
                "{\"events\":[\"audit.start\"]}",
                "{\"retention_days\":0}",
                "{\"retention_days\":3651}",
                "{\"retention_days\":\"90\"}",
                "{\"log_level\":\"VERBOSE\"}",
                "{\"log_level\":\"debug\"}",
                "{\"enabled\":\"true\"}",
                "{\"unknown\":1}"
            })
    void aConfigurationThatIsNotUnderstoodChangesNothing(String body) {
        // Given
        JsonNode before = open.api().get(AUDIT).body();

        // When
        Answer answer = open.api().post(AUDIT, body);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(open.api().get(AUDIT).body()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=yesterday",
                "to=1",
                "event=agent.hacked",
                "agent_id=x",
                "limit=0",
                "limit=201",
                "cursor=made-up",
                "cursor=1.AAAA",
                "other=1"
            })
    void aQueryThatIsNotUnderstoodIsRefused(String query) {
        assertThat(open.api().get(ENTRIES + "?" + query).status()).isEqualTo(400);
    }

    @Test
    void atTheNormalLevelAKeysUseIsToldOnceAndAtTheVerboseEachTime() {
        // Given
        String normal = adminKey("uses-normal");
        String verbose = adminKey("uses-verbose");
        Api first = open.api().with(normal);
        Api second = open.api().with(verbose);

        // When
        IntStream.range(0, 5).forEach(n -> first.get("/api/keys"));
        List<JsonNode> once =
                await().atMost(TestAgency.SOON)
                        .until(
                                () -> entriesOf(first, "event=api.key.used"),
                                uses -> !uses.isEmpty());
        open.api().post(AUDIT, "{\"log_level\":\"verbose\"}");
        IntStream.range(0, 5).forEach(n -> second.get("/api/keys"));
        List<JsonNode> each =
                await().atMost(TestAgency.SOON)
                        .until(
                                () -> entriesOf(second, "event=api.key.used"),
                                uses -> uses.size() >= 5);

        // Then
        assertThat(once).hasSize(1);
        assertThat(each.getLast().path("details").path("endpoint").asString())
                .isEqualTo("GET /api/keys");
        assertThat(each.getLast().path("resource").path("type").asString()).isEqualTo("api_key");
    }

    @Test
    void bodiesAreShownWhenAskedForAndNothingSecretIsEverInAnEntry() {
        // Given
        open.api()
                .post(
                        AUDIT,
                        "{\"log_level\":\"verbose\",\"include_request_body\":true,\"include_response_body\":true}");

        // When
        Answer key =
                open.api()
                        .post(
                                "/api/keys",
                                "{\"name\":\"hunter2\",\"env\":\"dev\",\"scopes\":[\"agents:read\"]}",
                                "User-Agent",
                                "evil live_sk_hunter2");
        Answer spawned = open.api().post("/api/spawn", SPAWN);
        open.api().post("/api/spawn", "{\"tsak\":\"hunter2\",\"hunter2\":1}");
        open.api().with("live_sk_hunter2").get("/api/agents?api_key=hunter2");
        open.api().get("/api/agent/" + spawned.text("agent_id"));
        JsonNode use =
                await().atMost(TestAgency.SOON)
                        .until(
                                () ->
                                        entries("event=api.key.used&limit=200").stream()
                                                .filter(
                                                        e ->
                                                                e.path("request_id")
                                                                        .asString()
                                                                        .equals(
                                                                                spawned.headers()
                                                                                        .firstValue(
                                                                                                "X-Request-Id")
                                                                                        .orElse(
                                                                                                "")))
                                                .findFirst(),
                                java.util.Optional::isPresent)
                        .orElseThrow();

        // Then
        assertThat(use.path("details").path("request_body").path("task").asString())
                .isEqualTo("[masked, 21 characters]");
        assertThat(use.path("details").path("response_body").path("agent_id").asString())
                .isEqualTo(spawned.text("agent_id"));
        String all = WireJson.MAPPER.writeValueAsString(agency.read(Topics.AUDIT));
        assertThat(all)
                .doesNotContain("hunter2", key.text("key"), key.text("api_secret"))
                .contains("\"action\":\"created\"", key.text("key_id"));
    }

    @Test
    void refusalsAreToldAndSummedUp() {
        // Given
        String address = "127.0.0.8";
        Api stranger = open.api().from(address).with("live_sk_nobody");
        String key = key("refused", "agents:read");

        // When
        IntStream.range(0, 50).forEach(n -> stranger.get("/api/agents"));
        Answer forbidden = open.api().with(key).get("/api/keys");
        List<JsonNode> theirs =
                await().atMost(TestAgency.SOON)
                        .until(
                                () ->
                                        entries("event=security.violation&limit=200").stream()
                                                .filter(
                                                        e ->
                                                                e.path("account")
                                                                        .asString()
                                                                        .equals("refused"))
                                                .toList(),
                                found -> !found.isEmpty());

        // Then
        assertThat(forbidden.status()).isEqualTo(403);
        assertThat(theirs).hasSize(1);
        assertThat(theirs.getFirst().path("details").path("kind").asString())
                .isEqualTo("forbidden");
        assertThat(theirs.getFirst().path("severity").asString()).isEqualTo("warning");
        assertThat(
                        entries("event=security.violation&limit=200").stream()
                                .filter(e -> e.path("ip_address").asString().equals(address))
                                .map(e -> e.path("details").path("kind").asString())
                                .toList())
                .containsOnly("unauthorized")
                .hasSizeBetween(1, 10);
    }

    @Test
    void anAccountSeesItsOwnEntriesOnlyAndChangesNothing() {
        // Given
        Api theirs = open.api().with(adminKey("audited-tenant"));
        Answer spawned = theirs.post("/api/spawn", SPAWN);
        Answer ours = open.api().post("/api/spawn", SPAWN);
        await().atMost(TestAgency.SOON)
                .until(() -> !entriesOf(theirs, "event=agent.spawn").isEmpty());
        awaitEntries(1, "agent.spawn", ours.text("agent_id"));

        // When
        List<JsonNode> seen = entriesOf(theirs, "limit=200");
        List<JsonNode> foreign = entriesOf(theirs, "agent_id=" + ours.text("agent_id"));
        String cursor = open.api().get(ENTRIES + "?limit=1").text("next_cursor");
        Answer withOurCursor = theirs.get(ENTRIES + "?cursor=" + cursor);
        Answer change = theirs.post(AUDIT, "{\"enabled\":false}");
        Answer verified = theirs.get(AUDIT + "/verify");
        Answer withoutScope = open.api().with(key("audited-tenant", "agents:read")).get(ENTRIES);

        // Then
        assertThat(seen)
                .isNotEmpty()
                .allMatch(e -> e.path("account").asString().equals("audited-tenant"))
                .anyMatch(e -> e.toString().contains(spawned.text("agent_id")));
        assertThat(foreign).isEmpty();
        assertThat(withOurCursor.status()).isEqualTo(400);
        assertThat(change.status()).isEqualTo(403);
        assertThat(open.api().get(AUDIT).body().path("enabled").asBoolean()).isTrue();
        assertThat(verified.body().path("valid").asBoolean())
                .as(verified.body().toString())
                .isTrue();
        assertThat(verified.body().path("entries").asLong())
                .isLessThan(open.api().get(AUDIT + "/verify").body().path("entries").asLong());
        assertThat(withoutScope.status()).isEqualTo(403);
    }

    @Test
    void twoGatewaysWriteAtOnceAndThePagesShowEachEntryOnce() {
        // Given
        List<CompletableFuture<Answer>> sent = new ArrayList<>();
        for (int n = 0; n < 40; n++) {
            Api api = n % 2 == 0 ? open.api() : closed.api();
            sent.add(api.postLater("/api/spawn", SPAWN.replace("60", "77")));
        }
        Set<String> spawned = new HashSet<>();
        sent.stream()
                .map(CompletableFuture::join)
                .filter(answer -> answer.status() == 200)
                .forEach(answer -> spawned.add(answer.text("agent_id")));
        spawned.forEach(id -> awaitEntries(1, "agent.spawn", id));

        // When
        List<String> seen = new ArrayList<>();
        List<Instant> times = new ArrayList<>();
        String cursor = null;
        do {
            Answer page =
                    closed.api()
                            .get(
                                    ENTRIES
                                            + "?event=agent.spawn&limit=7"
                                            + (cursor == null ? "" : "&cursor=" + cursor));
            page.body()
                    .path("entries")
                    .forEach(
                            e -> {
                                seen.add(e.path("resource").path("id").asString());
                                times.add(Instant.parse(e.path("timestamp").asString()));
                            });
            cursor = page.body().path("next_cursor").asString(null);
        } while (cursor != null);
        Answer verified = open.api().get(AUDIT + "/verify");

        // Then
        assertThat(spawned).isNotEmpty();
        assertThat(seen).doesNotHaveDuplicates().containsAll(spawned);
        assertThat(times.getFirst()).isAfter(times.getLast());
        assertThat(agency.read(Topics.AUDIT).stream().map(AuditEntry::chain).distinct())
                .hasSizeGreaterThanOrEqualTo(2);
        assertThat(verified.body().path("valid").asBoolean())
                .as(verified.body().toString())
                .isTrue();
        assertThat(verified.body().path("broken_at").isNull()).isTrue();
        assertThat(verified.body().path("entries").asInt()).isGreaterThan(spawned.size());
    }

    @Test
    void aTimeSpanIsAnswered() {
        // Given
        Instant before = Instant.now();
        Answer spawned = open.api().post("/api/spawn", SPAWN);
        String id = spawned.text("agent_id");
        awaitEntries(1, "agent.spawn", id);
        Instant after = Instant.now().plusMillis(1);

        // Then
        assertThat(entries("agent_id=" + id + "&from=" + before.minusSeconds(1) + "&to=" + after))
                .hasSize(1);
        assertThat(entries("agent_id=" + id + "&from=" + after)).isEmpty();
        assertThat(entries("agent_id=" + id + "&to=" + before.minusSeconds(1))).isEmpty();
    }

    @Test
    void whateverIsDoneToARealLogIsFound() throws Exception {
        // Given
        for (int n = 0; n < 5; n++) {
            awaitEntries(1, "agent.spawn", open.api().post("/api/spawn", SPAWN).text("agent_id"));
        }
        // Quiet, so that entries and anchors are copied at one moment.
        open.api().post(AUDIT, "{\"enabled\":false}");
        await().atMost(TestAgency.SOON)
                .until(
                        () ->
                                !closed.api().get(AUDIT).body().path("enabled").asBoolean()
                                        && new CopiedLog(agency, log -> {}).breach(Instant.EPOCH)
                                                == null);

        // Then
        assertThat(
                        new CopiedLog(agency, log -> log.set(log.size() - 2, edited(log)))
                                .breach(Instant.EPOCH))
                .isEqualTo(Breach.EDITED);
        assertThat(new CopiedLog(agency, log -> log.remove(log.size() / 2)).breach(Instant.EPOCH))
                .isIn(Breach.MISSING, Breach.CUT_AT_START, Breach.CUT_AT_END);
        assertThat(new CopiedLog(agency, List::removeLast).breach(Instant.EPOCH))
                .isEqualTo(Breach.CUT_AT_END);
        assertThat(new CopiedLog(agency, AuditIT::swapTheLastOfAChain).breach(Instant.EPOCH))
                .isEqualTo(Breach.REORDERED);
        assertThat(new CopiedLog(agency, log -> log.add(log.getLast())).breach(Instant.EPOCH))
                .isEqualTo(Breach.REPEATED);
        CopiedLog cut = new CopiedLog(agency, log -> {});
        cut.deleteOldest(2);
        assertThat(cut.breach(Instant.EPOCH)).isIn(Breach.CUT_AT_START, Breach.CHAIN_MISSING);
        assertThat(cut.breach(Instant.now())).as("expired").isNull();
        CopiedLog noise = new CopiedLog(agency, log -> {});
        noise.writeNoise();
        assertThat(noise.breach(Instant.EPOCH)).isEqualTo(Breach.UNREADABLE);
    }

    @Test
    void whileItCannotBeWrittenEachGatewayDoesAsItsOperatorChose() {
        // Given
        Answer key =
                closed.api()
                        .post(
                                "/api/keys",
                                "{\"name\":\"n\",\"env\":\"dev\",\"scopes\":[\"agents:read\"]}");

        // When
        agency.log.proxy().pause();
        for (Gateway gateway : List.of(open, closed)) {
            gateway.api().with("live_sk_outage").get("/api/agents");
            gateway.api().get("/api/agents");
        }
        Answer refused =
                await().atMost(TestAgency.SOON)
                        .until(
                                () -> {
                                    // Something to write, whatever was told before.
                                    closed.context()
                                            .getBean(Audit.class)
                                            .recordAlways(
                                                    closed.context()
                                                            .getBean(Audit.class)
                                                            .fact(
                                                                    AuditEvent.CONFIG_CHANGE,
                                                                    TestAgent.ACCOUNT));
                                    return closed.api().post("/api/spawn", SPAWN);
                                },
                                answer -> isAuditsFault(answer));
        Answer read = closed.api().get("/api/keys");
        Answer revoked = closed.api().delete("/api/keys/" + key.text("key_id"));
        Answer cancelled = closed.api().delete("/api/agent/subagent_1234567890_123456789012");
        Answer goesOn = open.api().post("/api/spawn", SPAWN);
        Answer entries = open.api().get(ENTRIES);
        agency.log.proxy().forward();
        await().atMost(TestAgency.SOON)
                .until(() -> closed.api().post("/api/spawn", SPAWN).status() == 200);
        Answer verified =
                await().atMost(TestAgency.SOON)
                        .until(
                                () -> open.api().get(AUDIT + "/verify"),
                                answer -> answer.status() == 200);

        // Then
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.error().path("retry_after").asInt()).isPositive();
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(read.status()).isEqualTo(200);
        assertThat(isAuditsFault(revoked)).isFalse();
        assertThat(cancelled.status()).isEqualTo(404);
        assertThat(isAuditsFault(goesOn)).isFalse();
        assertThat(entries.status()).isEqualTo(503);
        assertThat(entries.error().path("message").asString())
                .isEqualTo(Problem.AUDIT_UNREADABLE.sentence());
        assertThat(verified.body().path("valid").asBoolean())
                .as(verified.body().toString())
                .isTrue();
    }

    @Test
    void aPolicyThatNoGatewayWroteIsNotObeyed() throws Exception {
        // Given
        AuditPolicy forged =
                new AuditPolicy(
                        false,
                        AuditPolicy.STANDARD.logLevel(),
                        1,
                        false,
                        false,
                        AuditPolicy.STANDARD.events(),
                        Instant.now(),
                        "1.AAAA",
                        Instant.now());

        // When
        open.context()
                .getBean(ai.j1msky.common.log.LogWriter.class)
                .append(new ai.j1msky.common.log.EntryCodec<>(Topics.AUDIT_POLICY), forged)
                .get(10, TimeUnit.SECONDS);
        Answer spawned = open.api().post("/api/spawn", SPAWN);

        // Then
        awaitEntries(1, "agent.spawn", spawned.text("agent_id"));
        assertThat(open.api().get(AUDIT).body().path("enabled").asBoolean()).isTrue();
    }

    private static boolean isAuditsFault(Answer answer) {
        return answer.error()
                .path("message")
                .asString("")
                .equals(Problem.AUDIT_UNAVAILABLE.sentence());
    }

    private static AuditEntry edited(List<AuditEntry> log) {
        AuditEntry entry = log.get(log.size() - 2);
        tools.jackson.databind.node.ObjectNode json = WireJson.MAPPER.valueToTree(entry);
        json.put("user_agent", "somebody else");
        return WireJson.MAPPER.treeToValue(json, AuditEntry.class).hashed();
    }

    /// Exchanges the last two entries of the chain that has the last one.
    private static void swapTheLastOfAChain(List<AuditEntry> log) {
        int last = log.size() - 1;
        int before = last - 1;
        while (!log.get(before).chain().equals(log.get(last).chain())) {
            before--;
        }
        AuditEntry moved = log.get(before);
        log.set(before, log.get(last));
        log.set(last, moved);
    }

    private static boolean isAbout(AuditEntry entry, String agent) {
        return entry.resource() != null && entry.resource().id().equals(agent);
    }

    private static TestAgent running() {
        TestAgent agent = agency.spawn(TestAgent.create());
        agency.append(agent.started(1, worker));
        awaitStatus(agent, "running");
        return agent;
    }

    private static void awaitStatus(TestAgent agent, String status) {
        await().atMost(TestAgency.SOON)
                .until(
                        () ->
                                open.api()
                                        .get("/api/agent/" + agent.id())
                                        .text("status")
                                        .equals(status));
    }

    private static void awaitRetention(int days) {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.AUDIT.name());
        try (Admin admin = agency.clients.admin()) {
            await().atMost(TestAgency.SOON)
                    .until(
                            () ->
                                    admin.describeConfigs(List.of(topic))
                                            .all()
                                            .get(10, TimeUnit.SECONDS)
                                            .get(topic)
                                            .get("retention.ms")
                                            .value()
                                            .equals(Long.toString(days * 86_400_000L)));
        }
    }

    private static List<JsonNode> awaitEntries(int count, String event, String agent) {
        return await().atMost(TestAgency.SOON)
                .until(
                        () -> entries("event=" + event + "&agent_id=" + agent),
                        found -> found.size() >= count);
    }

    private static List<JsonNode> entries(String query) {
        return entriesOf(open.api(), query);
    }

    private static List<JsonNode> entriesOf(Api api, String query) {
        Answer answer = api.get(ENTRIES + "?" + query);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        List<JsonNode> entries = new ArrayList<>();
        answer.body().path("entries").forEach(entries::add);
        return entries;
    }

    private static String adminKey(String account) {
        return key(account, "admin\",\"agents:write");
    }

    private static String key(String account, String scopes) {
        return open.api()
                .post(
                        "/api/keys",
                        "{\"name\":\"n\",\"env\":\"live\",\"scopes\":[\""
                                + scopes
                                + "\"],\"account\":\""
                                + account
                                + "\"}")
                .text("key");
    }
}
