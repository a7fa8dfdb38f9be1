package ai.j1msky.gateway.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.pii.PiiCounts;
import ai.j1msky.common.pii.PiiType;
import ai.j1msky.common.seal.DataKey;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.Api;
import ai.j1msky.gateway.TestAgency;
import ai.j1msky.gateway.TestAgent;
import ai.j1msky.gateway.TestKeys;
import ai.j1msky.gateway.anomaly.KeyWatch;
import ai.j1msky.gateway.audit.Audit;
import ai.j1msky.gateway.redis.RedisLink;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What owners may ask of their data, through a real gateway; and what the sweeper does with keys.
class PrivacyIT {

    private static final AtomicLong ACCOUNTS = new AtomicLong();
    private static final Duration SOON = Duration.ofSeconds(30);

    private static TestAgency agency;
    private static TestAgency.Gateway gateway;

    private AccountId account;
    private MintedKey key;
    private Api api;

    @BeforeAll
    static void start() throws Exception {
        agency = new TestAgency();
        gateway = agency.gateway();
    }

    @AfterAll
    static void stop() {
        agency.close();
    }

    @BeforeEach
    void account() {
        account = new AccountId("privacy-" + ACCOUNTS.incrementAndGet());
        key = agency.mint(account, KeyEnvironment.LIVE, EnumSet.allOf(Scope.class));
        api = gateway.api().with(key.text().reveal());
    }

    private TestAgent agent(String task, Instant created) {
        return TestAgent.of(account, key.kept().keyId(), "k2p5", task, 60, created, null);
    }

    /// One that has ended, as the API shows it.
    private TestAgent ended(String task, String result) {
        TestAgent agent = agency.spawn(agent(task, TestAgent.now()));
        WorkerId worker = TestAgent.worker();
        agency.append(agent.started(1, worker), agent.completed(1, worker, result, 1_000));
        await().atMost(SOON)
                .until(() -> show(agent.id()).body().path("result").asString("").equals(result));
        return agent;
    }

    private Api.Answer show(AgentId id) {
        return api.get("/api/agent/" + id);
    }

    private Api.Answer erase(AgentId id) {
        return api.delete("/api/agent/" + id + "/data");
    }

    private Api.Answer receipt(Api.Answer of) {
        return api.get("/api/privacy/receipts/" + of.text("receipt_id"));
    }

    private static boolean isSignedByTheHouse(JsonNode receipt, String subject) throws Exception {
        byte[] head = HexFormat.of().parseHex("302a300506032b6570032100");
        byte[] raw = Base64.getUrlDecoder().decode(receipt.path("public_key").asString());
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(
                KeyFactory.getInstance("Ed25519")
                        .generatePublic(
                                new X509EncodedKeySpec(
                                        ByteBuffer.allocate(44).put(head).put(raw).array())));
        String signed =
                String.join(
                        "\n",
                        "j1msky-erasure-1",
                        subject,
                        receipt.path("erased_at").asString(),
                        receipt.path("readable").asString(),
                        receipt.path("purged").asString());
        check.update(signed.getBytes(StandardCharsets.UTF_8));
        return check.verify(Base64.getUrlDecoder().decode(receipt.path("signature").asString()));
    }

    @Nested
    class Spawning {

        @Test
        void theSampleOfTheReferenceIsTakenAndShown() {
            // When
            Api.Answer spawned =
                    api.post(
                            "/api/spawn",
                            """
                            {"model":"k2p5","task":"Process customer data","privacy":{"detect_pii":true,
                             "mask_pii_in_logs":true,"encrypt_output":true,"retention_days":7}}
                            """);

            // Then
            assertThat(spawned.status()).isEqualTo(200);
            JsonNode shown =
                    api.get("/api/agent/" + spawned.text("agent_id")).body().path("privacy");
            assertThat(shown.path("detect_pii").asBoolean()).isTrue();
            assertThat(shown.path("mask_pii_in_logs").asBoolean()).isTrue();
            assertThat(shown.path("encrypt_output").asBoolean()).isTrue();
            assertThat(shown.path("retention_days").asInt()).isEqualTo(7);
        }

        @Test
        void personalDataAreCountedInTheTaskAtOnceAndInTheResultLater() {
            // Given
            String id =
                    api.post(
                                    "/api/spawn",
                                    """
                                    {"model":"k2p5","task":"Write to ada@example.com, +49 30 901820",
                                     "privacy":{"detect_pii":true}}
                                    """)
                            .text("agent_id");
            JsonNode atOnce = show(new AgentId(id)).body().path("pii");

            // When
            WorkerId worker = TestAgent.worker();
            agency.append(
                    new AgentEvent.AttemptStarted(
                            new AgentId(id),
                            account,
                            1,
                            worker,
                            "k2p5",
                            "kimi",
                            null,
                            TestAgent.now()));
            agency.append(
                    new AgentEvent.AgentCompleted(
                            new AgentId(id),
                            account,
                            1,
                            worker,
                            Usage.NONE,
                            Metering.REPORTED,
                            Money.ZERO,
                            false,
                            DataKey.mint().seal(new AgentId(id), AgentEvent.RESULT_FIELD, "{}"),
                            new PiiCounts(Map.of(PiiType.EMAIL, 2, PiiType.IP, 1)),
                            TestAgent.now()));

            // Then
            assertThat(atOnce.toString())
                    .isEqualTo(
                            "{\"types\":[\"email\",\"phone\"],\"counts\":{\"email\":1,\"phone\":1}}");
            String facts = RedisKeys.agent(account, new AgentId(id));
            await().atMost(SOON)
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    WireJson.MAPPER
                                                            .readTree(
                                                                    agency.redis
                                                                            .commands()
                                                                            .hget(facts, "v"))
                                                            .path("pii")
                                                            .path("counts")
                                                            .toString())
                                            .isEqualTo("{\"email\":3,\"ip\":1,\"phone\":1}"));
            assertThat(
                            show(new AgentId(
                                            api.post(
                                                            "/api/spawn",
                                                            "{\"model\":\"k2p5\",\"task\":\"a@example.com\"}")
                                                    .text("agent_id")))
                                    .body()
                                    .has("pii"))
                    .isFalse();
        }

        @Test
        void aViewAndItsKeyStayAsLongAsWasAsked() {
            // When
            AgentId id =
                    new AgentId(
                            api.post(
                                            "/api/spawn",
                                            "{\"model\":\"k2p5\",\"task\":\"x\",\"privacy\":{\"retention_days\":7}}")
                                    .text("agent_id"));

            // Then
            DataKeyEntry entry =
                    agency.read(Topics.DATA_KEYS).stream()
                            .filter(each -> each.agentId().equals(id))
                            .findFirst()
                            .orElseThrow();
            assertThat(Duration.between(entry.at(), entry.until())).isEqualTo(Duration.ofDays(7));
            await().atMost(SOON)
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    Duration.ofMillis(
                                                            agency.redis
                                                                    .commands()
                                                                    .pttl(
                                                                            RedisKeys.agent(
                                                                                    account, id))))
                                            .isBetween(Duration.ofDays(6), Duration.ofDays(7)));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"retention_days\":0}",
                    "{\"retention_days\":31}",
                    "{\"retention_days\":\"7\"}",
                    "{\"detect_pii\":1}",
                    "{\"encrypt_output\":\"yes\"}",
                    "{\"mask\":true}",
                    "[]",
                    "true"
                })
        void whatIsWrongIsNamedWithItsPlace(String privacy) {
            // When
            Api.Answer refused =
                    api.post(
                            "/api/spawn",
                            "{\"model\":\"k2p5\",\"task\":\"x\",\"privacy\":" + privacy + "}");

            // Then
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.error().path("message").asString()).contains("privacy");
        }
    }

    @Nested
    class ErasingAnAgent {

        @Test
        void itsTextsAreGoneAtOnceAndEverythingElseStays() throws Exception {
            // Given
            TestAgent agent = ended("the task", "the result");
            JsonNode before = show(agent.id()).body();

            // When
            Api.Answer erased = erase(agent.id());

            // Then
            assertThat(erased.status()).isEqualTo(200);
            assertThat(erased.body().propertyNames()).containsExactly("success", "receipt_id");
            JsonNode after = show(agent.id()).body();
            assertThat(after.path("task").isNull()).isTrue();
            assertThat(after.path("result").isNull()).isTrue();
            assertThat(after.path("erased").asString()).isNotBlank();
            for (String name : new String[] {"status", "cost", "created", "completed"}) {
                assertThat(after.path(name)).isEqualTo(before.path(name));
            }
            JsonNode receipt = receipt(erased).body();
            assertThat(receipt.path("agent_id").asString()).isEqualTo(agent.id().value());
            assertThat(receipt.path("erased_at")).isEqualTo(after.path("erased"));
            assertThat(receipt.path("readable").asBoolean(true)).isFalse();
            assertThat(receipt.path("purged").asBoolean(true)).isFalse();
            assertThat(isSignedByTheHouse(receipt, agent.id().value())).isTrue();
        }

        @Test
        void againAnswersTheSameTime() {
            // Given
            TestAgent agent = ended("task", "result");
            JsonNode first = receipt(erase(agent.id())).body();

            // When
            JsonNode second = receipt(erase(agent.id())).body();

            // Then
            assertThat(second.path("erased_at")).isEqualTo(first.path("erased_at"));
        }

        @Test
        void oneThatHasNotEndedKeepsItsData() {
            // Given
            TestAgent agent = agency.spawn(agent("task", TestAgent.now()));
            await().atMost(SOON).until(() -> show(agent.id()).status() == 200);

            // When
            Api.Answer refused = erase(agent.id());

            // Then
            assertThat(refused.status()).isEqualTo(409);
            assertThat(show(agent.id()).text("task")).isEqualTo("task");
        }

        @Test
        void anotherAccountFindsNeitherTheAgentNorItsReceipt() {
            // Given
            TestAgent agent = ended("task", "result");
            Api stranger =
                    gateway.api()
                            .with(
                                    agency.mint(
                                                    new AccountId("stranger"),
                                                    KeyEnvironment.LIVE,
                                                    EnumSet.allOf(Scope.class))
                                            .text()
                                            .reveal());

            // When / Then
            assertThat(stranger.delete("/api/agent/" + agent.id() + "/data").status())
                    .isEqualTo(404);
            assertThat(show(agent.id()).text("result")).isEqualTo("result");
            String receipt = erase(agent.id()).text("receipt_id");
            assertThat(stranger.get("/api/privacy/receipts/" + receipt).status()).isEqualTo(404);
            assertThat(api.get("/api/privacy/receipts/receipt_1.AAAA").status()).isEqualTo(404);
            assertThat(api.get("/api/privacy/receipts/nonsense").status()).isEqualTo(404);
        }

        @Test
        void theReceiptTellsWhenAKeyIsBackAndTheSweeperDeletesItAgain() {
            // Given
            TestAgent agent = ended("task", "result");
            Api.Answer erased = erase(agent.id());

            // When
            agency.append(agent.dataKey());

            // Then
            assertThat(receipt(erased).body().path("purged").asBoolean(true)).isFalse();
            assertThat(show(agent.id()).body().path("result").isNull()).isTrue();
            KeySweeper.Swept swept = sweeper(TestKeys.MASTER, Clock.systemUTC()).sweep();
            assertThat(swept.deletedAgain()).isPositive();
            assertThat(sweeper(TestKeys.MASTER, Clock.systemUTC()).sweep().deletedAgain()).isZero();
        }

        @Test
        void aRebuiltRedisHasNoKeyEither() {
            // Given
            TestAgent agent = ended("task", "result");
            erase(agent.id());

            // When
            agency.redis.commands().flushall();

            // Then
            await().atMost(SOON)
                    .until(
                            () ->
                                    show(agent.id()).status() == 200
                                            && show(agent.id()).body().path("task").isNull());
            assertThat(show(agent.id()).body().path("result").isNull()).isTrue();
        }
    }

    private static DataKeyLog keys() {
        return new DataKeyLog(agency.clients, gateway.context().getBean(LogWriter.class));
    }

    private static KeySweeper sweeper(MasterKey master, Clock clock) {
        return new KeySweeper(
                keys(),
                master,
                Duration.ofDays(30),
                () -> true,
                gateway.context().getBean(RedisLink.class),
                gateway.context().getBean(Audit.class),
                clock);
    }

    @Nested
    class Sweeping {

        @Test
        void anAgentWhoseTimeIsOverLosesItsKeyAndOthersKeepTheirs() {
            // Given
            TestAgent young = ended("young", "young result");
            Instant old = Instant.now().minus(31, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MILLIS);
            TestAgent over = agent("old", old);
            agency.append(over.dataKey());

            // When
            KeySweeper.Swept swept = sweeper(TestKeys.MASTER, Clock.systemUTC()).sweep();

            // Then
            assertThat(swept.expired()).isPositive();
            assertThat(standing(over.id())).isFalse();
            assertThat(standing(young.id())).isTrue();
            assertThat(show(young.id()).text("result")).isEqualTo("young result");
        }

        @Test
        void aDeletionIsSaidOnceMoreWhereTheKeyStillLiesAfterAnHour() {
            // Given
            TestAgent agent = ended("task", "result");
            erase(agent.id());
            long before = deletions(agent.id());

            // When
            sweeper(TestKeys.MASTER, Clock.systemUTC()).sweep();
            long soon = deletions(agent.id());
            sweeper(TestKeys.MASTER, Clock.offset(Clock.systemUTC(), Duration.ofHours(2))).sweep();

            // Then
            assertThat(soon).isEqualTo(before);
            assertThat(deletions(agent.id())).isEqualTo(before + 1);
        }

        /// On the partition of that agent.
        private long deletions(AgentId id) {
            AtomicLong deletions = new AtomicLong();
            try (DataKeyLog.Reader reader = keys().reader()) {
                reader.read(
                        DataKeyLog.partition(id),
                        new DataKeyLog.Visitor() {
                            @Override
                            public void key(DataKeyEntry entry) {
                                // Not asked.
                            }

                            @Override
                            public void deleted(AgentId agent, Instant at) {
                                deletions.incrementAndGet();
                            }
                        });
            }
            return deletions.get();
        }

        @Test
        void aNewMasterKeyWrapsAllAnewAndNobodyNotices(@TempDir Path directory) throws Exception {
            // Given
            TestAgent agent = ended("sealed before", "and still read");
            Path file = Files.copy(TestKeys.KEYSET, directory.resolve("master.keyset"));
            // All gateways have it already, as the first step of a rotation sees to.
            MasterKey.promoteNewest(file);
            MasterKey newer = MasterKey.load(file);

            // When
            KeySweeper.Swept swept = sweeper(newer, Clock.systemUTC()).sweep();

            // Then
            assertThat(swept.rewrapped()).isPositive();
            DataKeyEntry now = entry(agent.id()).orElseThrow();
            assertThat(newer.isCurrent(now.wrapped())).isTrue();
            assertThat(
                            newer.unwrap(now.wrapped(), agent.id())
                                    .open(agent.id(), "task", agent.sealedTask()))
                    .isEqualTo("sealed before");
            await().atMost(SOON)
                    .until(
                            () ->
                                    now.wrapped()
                                            .value()
                                            .equals(
                                                    agency.redis
                                                            .commands()
                                                            .hget(
                                                                    RedisKeys.agent(
                                                                            account, agent.id()),
                                                                    "dk")));
            assertThat(sweeper(newer, Clock.systemUTC()).sweep().rewrapped()).isZero();
            assertThat(show(agent.id()).text("result")).isEqualTo("and still read");
        }

        private boolean standing(AgentId id) {
            return entry(id).isPresent();
        }

        private Optional<DataKeyEntry> entry(AgentId id) {
            try (DataKeyLog.Reader reader = keys().reader()) {
                return reader
                        .standing(DataKeyLog.partition(id), entry -> entry.agentId().equals(id))
                        .stream()
                        .findFirst();
            }
        }
    }

    @Nested
    class TheWholeAccount {

        @Test
        void isDeletedWhenItsNameIsSaid() throws Exception {
            // Given
            TestAgent one = ended("one", "first");
            TestAgent two = ended("two", "second");
            api.post(
                    "/api/webhooks",
                    "{\"url\":\"https://93.184.216.34/hook\",\"events\":[\"agent.completed\"]}");

            // When
            Api.Answer unconfirmed = api.delete("/api/privacy/account-data");
            Api.Answer misnamed = api.delete("/api/privacy/account-data?confirm=main");
            Api.Answer erased = api.delete("/api/privacy/account-data?confirm=" + account);

            // Then
            assertThat(unconfirmed.status()).isEqualTo(400);
            assertThat(misnamed.status()).isEqualTo(400);
            assertThat(erased.status()).isEqualTo(200);
            assertThat(erased.body().path("agents").asInt()).isEqualTo(2);
            assertThat(erased.body().path("webhooks").asInt()).isEqualTo(1);
            assertThat(api.get("/api/webhooks").body().path("webhooks")).isEmpty();
            for (TestAgent agent : new TestAgent[] {one, two}) {
                await().atMost(SOON).until(() -> show(agent.id()).body().path("result").isNull());
                assertThat(show(agent.id()).body().path("cost").asString()).isEqualTo("0.001");
            }
            JsonNode receipt = receipt(erased).body();
            assertThat(receipt.path("account").asString()).isEqualTo(account.value());
            assertThat(receipt.path("readable").asBoolean(true)).isFalse();
            assertThat(isSignedByTheHouse(receipt, account.value())).isTrue();
        }

        @Test
        void whatComesMeanwhileIsNotMeant() {
            // Given
            TestAgent before = agent("before", TestAgent.now());
            TestAgent meanwhile = agent("meanwhile", TestAgent.now());
            agency.append(before.dataKey());

            // When
            try (DataKeyLog.Reader reader = keys().reader()) {
                Map<TopicPartition, Long> ends = reader.ends();
                agency.append(meanwhile.dataKey());

                // Then
                assertThat(
                                DataKeyLog.partitions().stream()
                                        .flatMap(
                                                each ->
                                                        reader
                                                                .standing(
                                                                        each,
                                                                        ends,
                                                                        entry ->
                                                                                entry.accountId()
                                                                                        .equals(
                                                                                                account))
                                                                .stream())
                                        .map(DataKeyEntry::agentId))
                        .containsExactly(before.id());
            }
        }

        @Test
        void isNotDeletedWhileItsAgentsAreAtWork() {
            // Given
            TestAgent agent = agency.spawn(agent("at work", TestAgent.now()));
            await().atMost(SOON).until(() -> show(agent.id()).status() == 200);

            // When
            Api.Answer refused = api.delete("/api/privacy/account-data?confirm=" + account);

            // Then
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.error().path("message").asString()).startsWith("1 agents");
            assertThat(show(agent.id()).text("task")).isEqualTo("at work");
        }

        @Test
        void isExportedInOneArchiveWithoutSecretsAndWithoutOthers() throws Exception {
            // Given
            TestAgent agent = ended("what was asked", "what was answered");
            TestAgent erased = ended("forgotten", "forgotten too");
            erase(erased.id());

            // When
            HttpResponse<byte[]> answer = download("/api/privacy/export");

            // Then
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/zip");
            Map<String, String> files = files(answer.body());
            JsonNode manifest = WireJson.MAPPER.readTree(files.get("manifest.json"));
            assertThat(manifest.path("account").asString()).isEqualTo(account.value());
            assertThat(manifest.path("agents").asInt()).isEqualTo(1);
            String all = String.join("\n", files.values());
            assertThat(all)
                    .contains("what was asked", "what was answered", agent.id().value())
                    .contains(key.kept().keyId().value())
                    .doesNotContain("forgotten", key.text().reveal(), key.apiSecret());
            String agents =
                    files.entrySet().stream()
                            .filter(file -> file.getKey().startsWith("agents-"))
                            .map(Map.Entry::getValue)
                            .reduce("", String::concat);
            assertThat(agents.lines())
                    .singleElement()
                    .satisfies(
                            line ->
                                    assertThat(WireJson.MAPPER.readTree(line))
                                            .isEqualTo(show(agent.id()).body()));
        }

        private HttpResponse<byte[]> download(String path) throws Exception {
            try (HttpClient http = HttpClient.newHttpClient()) {
                String port =
                        gateway.context().getEnvironment().getRequiredProperty("local.server.port");
                return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .header("Authorization", "Bearer " + key.text().reveal())
                                .build(),
                        BodyHandlers.ofByteArray());
            }
        }

        private static Map<String, String> files(byte[] archive) throws Exception {
            Map<String, String> files = new HashMap<>();
            try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
                for (ZipEntry entry = zip.getNextEntry();
                        entry != null;
                        entry = zip.getNextEntry()) {
                    files.put(
                            entry.getName(),
                            new String(zip.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
            return files;
        }
    }

    @Nested
    class OptingOut {

        @Test
        void isRememberedAndWhatWasLearnedIsDropped() {
            // Given
            KeyWatch watch = gateway.context().getBean(KeyWatch.class);
            String learned = RedisKeys.watch(account, key.kept().keyId());
            watch.request(account, key.kept().keyId(), "192.0.2.1", 200);
            await().atMost(SOON).until(() -> agency.redis.commands().exists(learned) == 1);

            // When
            Api.Answer out = api.put("/api/privacy/opt-out", "{\"opt_out\":true}");

            // Then
            assertThat(out.status()).isEqualTo(200);
            assertThat(out.body().path("opt_out").asBoolean()).isTrue();
            assertThat(api.get("/api/privacy/opt-out").body().path("opt_out").asBoolean()).isTrue();
            await().atMost(SOON).until(() -> agency.redis.commands().exists(learned) == 0);
            watch.request(account, key.kept().keyId(), "192.0.2.1", 200);
            await().during(Duration.ofSeconds(6))
                    .atMost(SOON)
                    .until(() -> agency.redis.commands().exists(learned) == 0);
            assertThat(api.put("/api/privacy/opt-out", "{}").status()).isEqualTo(400);
            assertThat(
                            api.put("/api/privacy/opt-out", "{\"opt_out\":false}")
                                    .body()
                                    .path("opt_out")
                                    .asBoolean(true))
                    .isFalse();
        }
    }

    @Test
    void theInventoryNamesEveryTopicThereIs() {
        // When
        String items = api.get("/api/privacy/inventory").body().path("items").toString();

        // Then
        assertThat(Topics.ALL).allSatisfy(topic -> assertThat(items).contains(topic.name()));
    }

    @Test
    void whatWasDeletedAndExportedIsInTheAudit() {
        // Given
        TestAgent agent = ended("task", "result");

        // When
        erase(agent.id());

        // Then
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(
                                                api.get(
                                                                "/api/security/audit/entries?event=data.erased")
                                                        .body()
                                                        .path("entries"))
                                        .anySatisfy(
                                                entry ->
                                                        assertThat(
                                                                        entry.path("resource")
                                                                                .path("id")
                                                                                .asString())
                                                                .isEqualTo(agent.id().value())));
    }
}
