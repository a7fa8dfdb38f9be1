package ai.j1msky.gateway.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentStatus;
import ai.j1msky.common.agent.IdempotencyMark;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.TestAgent;
import ai.j1msky.gateway.TestRedis;
import ai.j1msky.gateway.limit.Limiter;
import ai.j1msky.gateway.limit.RequestTokens;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.share.AccountShares;
import ai.j1msky.gateway.view.AgentView;
import ai.j1msky.gateway.view.AgentViews;
import ai.j1msky.gateway.view.AgentViews.Cursor;
import ai.j1msky.gateway.view.AgentViews.Page;
import ai.j1msky.gateway.view.Freshness;
import ai.j1msky.gateway.view.ProjectedStore;
import ai.j1msky.gateway.view.ViewWriter;
import ai.j1msky.gateway.view.ViewWriter.Progress;
import ai.j1msky.gateway.view.ViewWriter.Written;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// `apply.lua`, `own.lua`, `read.lua` and `list.lua` on a real Redis.
class ViewScriptsTest {

    private static final WorkerId WORKER = TestAgent.worker();

    private static TestRedis redis;
    private AgentViews views;
    private ProjectedViews projected;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void clear() {
        redis.commands().flushall();
        projected = new ProjectedViews(redis);
        projected.mark(5);
        Freshness freshness = new Freshness();
        freshness.open();
        views =
                new AgentViews(
                        new ProjectedStore(
                                redis.store(),
                                freshness,
                                new Limiter(AgencyConfig.standard(Map.of()), redis.store())));
    }

    @Nested
    class Apply {

        @Test
        void anEndedAgentNeverChanges() {
            // Given
            TestAgent agent = TestAgent.create();
            projected.write(agent, agent.command(), agent.dataKey());
            projected.write(agent, agent.started(1, WORKER), done(agent, 7));
            Map<String, Object> before = redis.dump();
            ProjectedViews forgetful = new ProjectedViews(redis);

            // When
            Written written =
                    forgetful.write(
                            agent,
                            agent.command(),
                            agent.started(1, WORKER),
                            agent.failed(1, WORKER, 9));

            // Then
            assertThat(endedBefore(written)).containsExactly(agent.id().value());
            assertThat(redis.dump()).isEqualTo(before);
        }

        @Test
        void whatAnEndedAgentHeldComesBackAsFarAsItIsThere() {
            // Given: one slice has less than the agent held, for its hold came back before
            TestAgent agent = TestAgent.create();
            projected.write(agent, agent.command());
            String holds = RedisKeys.holds(TestAgent.ACCOUNT, TestAgent.KEY);
            String at = redis.commands().hget(RedisKeys.agent(agent.account(), agent.id()), "at");
            String slice = Long.toString(Long.parseLong(at) / 60_000);
            redis.commands().hset(holds, Map.of(slice, "0", "u", "0", "o", slice, "n", slice));

            // When
            projected.write(agent, agent.started(1, WORKER), done(agent, 7));

            // Then: and nothing of the agent is left half-way
            assertThat(redis.commands().hget(holds, "u")).isEqualTo("0");
            assertThat(page(null, null, Cursor.START, 9).count()).isZero();
            assertThat(
                            redis.commands()
                                    .zcard(RedisKeys.concurrent(TestAgent.ACCOUNT, TestAgent.KEY)))
                    .isZero();
        }

        @Test
        void anEndReadBeforeItsCommandIsShownWhenTheCommandComes() {
            // Given
            TestAgent agent = TestAgent.create();
            projected.write(agent, agent.started(1, WORKER), done(agent, 7));

            // When
            projected.write(agent, agent.command(), agent.dataKey());
            projected.write(agent, agent.command());

            // Then
            assertThat(view(agent).status()).isEqualTo(AgentStatus.COMPLETED);
            assertThat(view(agent).facts()).contains(agent.id().value());
            assertThat(view(agent).result()).isNotNull();
        }

        /// Memory knows how it ended, and Redis has forgotten everything.
        @Test
        void aResultComesBackWithItsEventThoughItsCommandIsReadInABatchBefore() {
            // Given
            TestAgent agent = TestAgent.create();
            AgentEvent completed = done(agent, 7);
            projected.write(agent, agent.command(), agent.dataKey());
            projected.write(agent, agent.started(1, WORKER), completed);
            redis.commands().del(RedisKeys.agent(agent.account(), agent.id()));

            // When
            projected.write(agent, agent.command(), agent.dataKey());
            projected.write(agent, agent.started(1, WORKER));
            projected.write(agent, completed);

            // Then
            assertThat(view(agent).status()).isEqualTo(AgentStatus.COMPLETED);
            assertThat(view(agent).result()).isNotNull();
        }

        @Test
        void aResultDoesNotComeBackOnceItsAgentWasDeleted() {
            // Given
            TestAgent agent = TestAgent.create();
            AgentEvent completed = done(agent, 7);
            projected.write(agent, agent.command(), agent.dataKey());
            projected.write(agent, agent.started(1, WORKER), completed);
            projected.deleteData(agent);

            // When
            new ProjectedViews(redis)
                    .write(agent, agent.command(), agent.started(1, WORKER), completed);

            // Then
            assertThat(redis.commands().hget(RedisKeys.agent(agent.account(), agent.id()), "r"))
                    .isNull();
        }

        /// As after Redis was emptied: each topic is read at its own pace.
        @Test
        void anAgentWhoseDeletionIsReadBeforeItsCommandIsShownAsDeleted() {
            // Given
            TestAgent agent = TestAgent.create();
            projected.deleteData(agent);

            // When
            projected.write(agent, agent.command());
            projected.write(agent, agent.started(1, WORKER), done(agent, 7));

            // Then
            assertThat(view(agent).status()).isEqualTo(AgentStatus.COMPLETED);
            assertThat(view(agent).erased()).isNotNull();
            Map<String, String> stored =
                    redis.commands().hgetall(RedisKeys.agent(agent.account(), agent.id()));
            assertThat(stored).containsEntry("t", "").doesNotContainKeys("r", "dk");
        }

        @Test
        void aDeletionWhoseCommandNeverComesIsForgottenAfterADay() {
            // Given
            TestAgent agent = TestAgent.create();

            // When
            projected.deleteData(agent);

            // Then
            assertThat(redis.commands().ttl(RedisKeys.agent(agent.account(), agent.id())))
                    .isBetween(86_000L, 86_400L);
        }

        @Test
        void anEventReadBeforeItsCommandDoesNotHideAReservedAgent() {
            // Given
            TestAgent agent = TestAgent.create();
            reserve(agent);

            // When
            projected.write(agent, agent.started(1, WORKER));
            AgentView between = view(agent);
            projected.write(agent, agent.command());

            // Then
            assertThat(between.facts()).contains(agent.id().value());
            assertThat(view(agent).status()).isEqualTo(AgentStatus.RUNNING);
        }

        @Test
        void anEventReadBeforeTheCommandOfAReservedAgentChangesNothingOfWhatComesOfBoth() {
            // Given: one agent's records in their order, another's not
            TestAgent inOrder = TestAgent.create();
            reserve(inOrder);
            projected.write(inOrder, inOrder.command(), inOrder.dataKey());
            projected.write(inOrder, inOrder.started(1, WORKER));
            TestAgent early = TestAgent.create();
            reserve(early);
            projected.know(early);

            // When
            projected.write(early, early.started(1, WORKER));
            AgentStatus between = view(early).status();
            projected.write(early, early.command(), early.dataKey());

            // Then
            assertThat(between).isEqualTo(AgentStatus.RUNNING);
            assertThat(stored(early).keySet()).isEqualTo(stored(inOrder).keySet());
            assertThat(running()).containsExactlyInAnyOrder(inOrder.id(), early.id());
            assertThat(pending()).isEqualTo(2 * TestAgent.HOLD.micros());
        }

        @Test
        void anEndReadBeforeTheCommandOfAReservedAgentLeavesNothingHalfWay() {
            // Given
            TestAgent agent = TestAgent.create();
            reserve(agent);
            projected.know(agent);

            // When
            projected.write(agent, agent.started(1, WORKER), done(agent, 7));
            AgentStatus between = view(agent).status();
            projected.write(agent, agent.command(), agent.dataKey());

            // Then
            assertThat(between).isEqualTo(AgentStatus.COMPLETED);
            assertThat(view(agent).status()).isEqualTo(AgentStatus.COMPLETED);
            assertThat(stored(agent)).containsKey("pos").doesNotContainKey("rs");
            assertThat(page(null, null, Cursor.START, 9).count()).isZero();
            // Until the account's balance has it.
            assertThat(pending()).isEqualTo(TestAgent.HOLD.micros());
            String holds = RedisKeys.holds(TestAgent.ACCOUNT, TestAgent.KEY);
            assertThat(redis.commands().hget(holds, "u")).isEqualTo("7");
        }

        @Test
        void aWaitReadBeforeTheCommandOfAReservedAgentIsShown() {
            // Given
            TestAgent agent = TestAgent.create();
            reserve(agent);
            projected.know(agent);

            // When
            projected.write(agent, agent.deferred(1, WORKER, Duration.ofMinutes(1)));
            projected.write(agent, agent.command(), agent.dataKey());

            // Then
            assertThat(view(agent).status()).isEqualTo(AgentStatus.SPAWNING);
            assertThat(stored(agent).get("s")).contains("deferred");
        }

        @Test
        void anAgentPastItsRetentionLeavesNothing() {
            // Given
            Instant old = Instant.now().minus(31, ChronoUnit.DAYS);
            TestAgent agent = created(TestAgent.ACCOUNT, "k2p5", old);

            // When
            projected.write(agent, agent.command(), agent.started(1, WORKER), done(agent, 7));

            // Then
            assertThat(redis.commands().exists(RedisKeys.agent(agent.account(), agent.id())))
                    .isZero();
        }

        @Test
        void viewsLeaveWithTheirRetention() {
            // Given
            TestAgent agent = TestAgent.create();

            // When
            projected.write(agent, agent.command());

            // Then
            assertThat(redis.commands().pttl(RedisKeys.agent(agent.account(), agent.id())))
                    .isBetween(
                            ProjectedViews.RETENTION.minusMinutes(1).toMillis(),
                            ProjectedViews.RETENTION.toMillis());
        }

        @Test
        void aDataKeyWithoutACommandIsForgottenAfterADay() {
            // Given
            TestAgent agent = TestAgent.create();

            // When
            projected.write(agent, agent.dataKey());

            // Then
            assertThat(redis.commands().pttl(RedisKeys.agent(agent.account(), agent.id())))
                    .isBetween(1L, Duration.ofDays(1).toMillis());
            assertThat(views.find(agent.account(), agent.id()).block()).isEmpty();
        }

        @Test
        void anIdempotencyRowIsRebuiltFromTheLogAndBelongsToItsFirstAgent() {
            // Given
            IdempotencyMark mark = new IdempotencyMark("key", "body");
            TestAgent first = marked(mark);
            TestAgent second = marked(mark);

            // When
            projected.write(first, first.command());
            projected.write(second, second.command());

            // Then
            String row = RedisKeys.idempotency(TestAgent.ACCOUNT, "key");
            assertThat(redis.commands().hgetall(row))
                    .containsEntry("id", first.id().value())
                    .containsEntry("request", "body")
                    .containsKey("done");
            assertThat(redis.commands().pttl(row))
                    .isBetween(Duration.ofHours(23).toMillis(), Duration.ofHours(24).toMillis());
        }

        @Test
        void thousandsOfRowsAreWrittenInSteps() {
            // Given
            List<TestAgent> agents =
                    IntStream.range(0, 450).mapToObj(n -> TestAgent.create()).toList();
            Batch batch = new Batch();
            LiveAgents live = new LiveAgents(new AccountShares(() -> 0));
            for (TestAgent agent : agents) {
                batch.add(
                        agent.id(),
                        agent.account(),
                        live.apply(
                                agent.command(), new Position(Topics.SPAWN_NORMAL.name(), 0, 1), 1),
                        "1.task",
                        null);
                batch.dataKeys().add(Batch.KeyChange.of(agent.dataKey()));
            }

            // When
            Written written =
                    writer("test")
                            .write(
                                    ProjectedViews.rows(redis).agents(batch, Instant.now(), false),
                                    ViewRows.dataKeys(batch),
                                    List.of(),
                                    List.of(new Progress("a:0", 5L, 455)),
                                    true);

            // Then
            assertThat(endedBefore(written)).isEmpty();
            assertThat(page(null, null, Cursor.START, 1).count()).isEqualTo(450);
            assertThat(redis.commands().hget(RedisKeys.META, "total")).isEqualTo("455");
        }
    }

    @Nested
    class Watermarks {

        @Test
        void theSumIsThatOfAllPartitions() {
            // When
            projected.progress(true, new Progress("a:0", 5L, 9), new Progress("b:0", null, 100));

            // Then
            assertThat(redis.commands().hgetall(RedisKeys.META))
                    .containsOnly(
                            Map.entry("w:a:0", "9"),
                            Map.entry("w:b:0", "100"),
                            Map.entry("total", "109"));
        }

        @Test
        void aRedisThatIsNotWhatItWasIsLeftAsItIs() {
            // Given
            TestAgent agent = TestAgent.create();
            Map<String, Object> before = redis.dump();

            // When
            Written written =
                    projected.write(List.of(new Progress("a:0", 6L, 9)), agent, agent.command());

            // Then
            assertThat(written).isEqualTo(new Written.Stale());
            assertThat(redis.dump()).isEqualTo(before);
        }

        @Test
        void aRebuildAnswersNobodyUntilItIsThrough() {
            // Given
            TestAgent agent = TestAgent.create();
            projected.write(agent, agent.command());

            // When
            projected.progress(false, new Progress("a:0", 5L, 6));
            assertThatThrownBy(() -> view(agent)).isInstanceOf(ProblemException.class);
            assertThatThrownBy(() -> page(null, null, Cursor.START, 9))
                    .isInstanceOf(ProblemException.class);
            projected.progress(true, new Progress("a:0", 6L, 7));

            // Then
            assertThat(view(agent).facts()).contains(agent.id().value());
            assertThat(redis.commands().hget(RedisKeys.META, "total")).isEqualTo("7");
        }
    }

    @Nested
    class Ownership {

        @Test
        void oneOwnsUntilItResigns() {
            // Given
            ViewWriter first = writer("first");
            ViewWriter second = writer("second");
            redis.commands().del(RedisKeys.OWNER);

            // When
            boolean taken = first.becomeOwner();
            boolean renewed = first.becomeOwner();
            boolean stolen = second.becomeOwner();
            second.resign();
            boolean stolenLater = second.becomeOwner();
            first.resign();
            boolean inherited = second.becomeOwner();

            // Then
            assertThat(List.of(taken, renewed, stolen, stolenLater, inherited))
                    .containsExactly(true, true, false, false, true);
            assertThat(redis.commands().pttl(RedisKeys.OWNER))
                    .isBetween(1L, ViewWriter.OWNERSHIP.toMillis());
        }

        @Test
        void whoIsNoLongerTheOwnerWritesNothing() {
            // Given
            redis.commands().set(RedisKeys.OWNER, "another");
            TestAgent agent = TestAgent.create();
            Map<String, Object> before = redis.dump();

            // When
            Written written = projected.write(agent, agent.command(), agent.dataKey());

            // Then
            assertThat(written).isEqualTo(new Written.Fenced());
            assertThat(redis.dump()).isEqualTo(before);
        }
    }

    @Nested
    class Read {

        @Test
        void anotherAccountsAgentIsLikeNone() {
            // Given
            TestAgent agent = TestAgent.create();
            projected.write(agent, agent.command());

            // When
            AccountId other = new AccountId("other");

            // Then
            assertThat(views.find(other, agent.id()).block()).isEmpty();
        }

        @Test
        void waitingAgentsKnowTheirPlace() {
            // Given
            List<TestAgent> agents = createdApart(3);
            agents.forEach(agent -> projected.write(agent, agent.command()));

            // When
            projected.write(agents.getFirst(), agents.getFirst().started(1, WORKER));

            // Then
            assertThat(agents)
                    .extracting(agent -> view(agent).queueRank())
                    .containsExactly(-1, 0, 1);
        }

        @Test
        void aReservationThatTheLogNeverConfirmedIsNoAgent() {
            // Given
            TestAgent agent = TestAgent.create();
            reserve(agent);
            String key = RedisKeys.agent(agent.account(), agent.id());
            redis.commands().hset(key, "rs", Long.toString(redis.now() - 32_000));

            // When
            boolean lapsed = views.find(agent.account(), agent.id()).block().isEmpty();
            projected.write(agent, agent.command());

            // Then
            assertThat(lapsed).isTrue();
            assertThat(view(agent).facts()).contains(agent.id().value());
        }
    }

    @Nested
    class ListOfAgents {

        @Test
        void pagesNeitherRepeatNorSkipAgentsOfTheSameMillisecond() {
            // Given
            Instant created = TestAgent.now();
            List<TestAgent> agents = new ArrayList<>();
            for (int n = 0; n < 25; n++) {
                TestAgent agent = created(TestAgent.ACCOUNT, "k2p5", created);
                agents.add(agent);
                projected.write(agent, agent.command());
                if (n % 3 == 0) {
                    projected.write(agent, agent.started(1, WORKER));
                }
            }

            // When
            List<String> seen = new ArrayList<>();
            Page page = page(null, null, Cursor.START, 4);
            while (true) {
                page.rows().forEach(row -> seen.add(row.cursor().id()));
                if (!page.more()) {
                    break;
                }
                page = page(null, null, page.rows().getLast().cursor(), 4);
            }

            // Then
            assertThat(seen)
                    .doesNotHaveDuplicates()
                    .isSorted()
                    .containsExactlyInAnyOrderElementsOf(
                            agents.stream().map(agent -> agent.id().value()).toList());
            assertThat(page.count()).isEqualTo(25);
        }

        @Test
        void manyAgentsAreListedOldestFirst() {
            // Given
            List<TestAgent> agents = createdApart(230);
            agents.forEach(agent -> projected.write(agent, agent.command()));

            // When
            Page first = page(null, null, Cursor.START, 200);
            Page second = page(null, null, first.rows().getLast().cursor(), 200);

            // Then
            assertThat(first.rows()).hasSize(200);
            assertThat(first.more()).isTrue();
            assertThat(second.more()).isFalse();
            assertThat(second.rows())
                    .extracting(row -> row.cursor().id())
                    .containsExactlyElementsOf(
                            agents.subList(200, 230).stream().map(a -> a.id().value()).toList());
        }

        @Test
        void aPageEndsBeforeItsTasksWeighMoreThanHalfAMebibyte() {
            // Given
            List<TestAgent> agents =
                    Stream.generate(() -> TestAgent.create("x".repeat(100_000)))
                            .limit(5)
                            .sorted(Comparator.comparing(agent -> agent.id().value()))
                            .toList();
            agents.forEach(agent -> projected.write(agent, agent.command()));

            // When
            Page first = page(null, null, Cursor.START, 200);
            Page second = page(null, null, first.rows().getLast().cursor(), 200);

            // Then
            assertThat(first.rows()).hasSize(3);
            assertThat(first.more()).isTrue();
            assertThat(first.count()).isEqualTo(5);
            assertThat(second.rows()).hasSize(2);
            assertThat(second.more()).isFalse();
            assertThat(Stream.of(first, second).flatMap(page -> ids(page).stream()))
                    .containsExactlyInAnyOrderElementsOf(
                            agents.stream().map(agent -> agent.id().value()).toList());
        }

        @Test
        void aTaskThatIsLargerThanAPageIsAPageOfItsOwn() {
            // Given
            TestAgent large = TestAgent.create("😀".repeat(100_000));
            projected.write(large, large.command());

            // When
            Page page = page(null, null, Cursor.START, 200);

            // Then
            assertThat(ids(page)).containsExactly(large.id().value());
            assertThat(page.more()).isFalse();
        }

        @Test
        void aStatusShowsOnlyItsAgents() {
            // Given
            List<TestAgent> agents = createdApart(3);
            agents.forEach(agent -> projected.write(agent, agent.command()));
            TestAgent running = agents.get(1);
            projected.write(running, running.started(1, WORKER));
            TestAgent ended = agents.get(2);
            projected.write(ended, ended.cancelRequested());

            // When
            Page spawning = page(AgentStatus.SPAWNING, null, Cursor.START, 9);
            Page runs = page(AgentStatus.RUNNING, null, Cursor.START, 9);
            Page both = page(null, null, Cursor.START, 9);

            // Then
            assertThat(ids(spawning)).containsExactly(agents.getFirst().id().value());
            assertThat(ids(runs)).containsExactly(running.id().value());
            assertThat(both.count()).isEqualTo(2);
        }

        @Test
        void aModelShowsAndCountsOnlyItsAgents() {
            // Given
            for (int n = 0; n < 10; n++) {
                TestAgent agent =
                        created(TestAgent.ACCOUNT, n % 5 == 0 ? "opus" : "k2p5", TestAgent.now());
                projected.write(agent, agent.command());
            }

            // When
            Page page = page(null, "opus", Cursor.START, 1);
            Page rest = page(null, "opus", page.rows().getLast().cursor(), 1);

            // Then
            assertThat(page.count()).isEqualTo(2);
            assertThat(page.more()).isTrue();
            assertThat(rest.rows()).hasSize(1);
            assertThat(rest.more()).isFalse();
            assertThat(ids(rest)).doesNotContainAnyElementsOf(ids(page));
        }

        @Test
        void eachAccountSeesItsOwnAgentsAndMoney() {
            // Given
            projected.write(TestAgent.create(), TestAgent.balance(TestAgent.ACCOUNT, 0, 7));
            projected.write(TestAgent.create(), TestAgent.balance(new AccountId("other"), 0, 30));
            TestAgent theirs = created(new AccountId("other"), "k2p5", TestAgent.now());
            projected.write(theirs, theirs.command());
            TestAgent ours = TestAgent.create();
            projected.write(ours, ours.command(), ours.started(1, WORKER), done(ours, 7));

            // When
            Page page = page(null, null, Cursor.START, 9);

            // Then
            assertThat(page.rows()).isEmpty();
            assertThat(page.count()).isZero();
            assertThat(page.chargedToday()).isEqualTo(Money.micros(7));
        }
    }

    private static List<String> endedBefore(Written written) {
        return ((Written.Done) written).endedBefore();
    }

    private static ViewWriter writer(String token) {
        return new ViewWriter(redis.store(), token);
    }

    private void reserve(TestAgent agent) {
        views.reserve(agent.command(), agent.wrapped(), TestAgent.limits(9), RequestTokens.NONE)
                .block();
    }

    private static Map<String, String> stored(TestAgent agent) {
        return redis.commands().hgetall(RedisKeys.agent(agent.account(), agent.id()));
    }

    private List<AgentId> running() {
        return page(AgentStatus.RUNNING, null, Cursor.START, 9).rows().stream()
                .map(row -> new AgentId(row.cursor().id()))
                .toList();
    }

    /// What is set aside for agents that are in no balance yet.
    private static long pending() {
        return Long.parseLong(
                redis.commands().hget(RedisKeys.balances(TestAgent.ACCOUNT), "p:account"));
    }

    private AgentView view(TestAgent agent) {
        return Objects.requireNonNull(views.find(agent.account(), agent.id()).block())
                .orElseThrow();
    }

    private Page page(
            @Nullable AgentStatus status, @Nullable String model, Cursor after, int limit) {
        return Objects.requireNonNull(
                views.list(TestAgent.ACCOUNT, status, model, after, limit, RequestTokens.NONE)
                        .block());
    }

    private static List<String> ids(Page page) {
        return page.rows().stream().map(row -> row.cursor().id()).toList();
    }

    private static AgentEvent done(TestAgent agent, long costMicros) {
        return agent.completed(1, WORKER, "answer", costMicros);
    }

    private static TestAgent marked(IdempotencyMark mark) {
        return TestAgent.of(
                TestAgent.ACCOUNT, TestAgent.KEY, "k2p5", "task", 60, TestAgent.now(), mark);
    }

    private static TestAgent created(AccountId account, String model, Instant created) {
        return TestAgent.of(
                account,
                TestAgent.KEY,
                model,
                "task",
                60,
                created.truncatedTo(ChronoUnit.MILLIS),
                null);
    }

    private static List<TestAgent> createdApart(int count) {
        Instant now = TestAgent.now();
        return IntStream.range(0, count)
                .mapToObj(n -> created(TestAgent.ACCOUNT, "k2p5", now.plusMillis(n)))
                .toList();
    }
}
