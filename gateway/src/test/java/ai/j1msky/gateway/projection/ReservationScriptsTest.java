package ai.j1msky.gateway.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.IdempotencyMark;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.TestAgent;
import ai.j1msky.gateway.TestRedis;
import ai.j1msky.gateway.limit.Bucket;
import ai.j1msky.gateway.limit.Limiter;
import ai.j1msky.gateway.limit.RequestTokens;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.view.AgentViews;
import ai.j1msky.gateway.view.Freshness;
import ai.j1msky.gateway.view.ProjectedStore;
import ai.j1msky.gateway.view.Reservation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// `admit.lua` and `undo.lua` on a real Redis, each outcome by name.
class ReservationScriptsTest {

    private static final IdempotencyMark MARK = new IdempotencyMark("once", "body");
    private static final String ROW = RedisKeys.idempotency(TestAgent.ACCOUNT, "once");
    private static final String PLACES = RedisKeys.concurrent(TestAgent.ACCOUNT, TestAgent.KEY);

    private static TestRedis redis;
    private Freshness freshness;
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
        freshness = new Freshness();
        freshness.open();
        views =
                new AgentViews(
                        new ProjectedStore(
                                redis.store(),
                                freshness,
                                new Limiter(AgencyConfig.standard(Map.of()), redis.store())));
    }

    @Test
    void aNewRequestIsGrantedAndCanBeReadAtOnce() {
        // Given
        TestAgent agent = TestAgent.create();

        // When
        Reservation reservation = reserve(agent, 1);

        // Then
        assertThat(reservation).isEqualTo(new Reservation.Granted());
        assertThat(views.find(agent.account(), agent.id()).block())
                .hasValueSatisfying(view -> assertThat(view.facts()).contains(agent.id().value()));
    }

    @Test
    void aReservationLeavesByItself() {
        // Given
        TestAgent agent = marked(MARK);

        // When
        reserve(agent, 1);

        // Then
        assertThat(redis.commands().pttl(view(agent))).isBetween(1L, 600_000L);
        assertThat(redis.commands().pttl(ROW)).isBetween(1L, 600_000L);
    }

    @Test
    void aKeyWithAllItsAgentsIsBusyAndLeavesNothing() {
        // Given
        reserve(TestAgent.create(), 1);
        TestAgent second = marked(MARK);

        // When
        Reservation reservation = reserve(second, 1);

        // Then
        assertThat(reservation).isEqualTo(new Reservation.TooMany());
        assertThat(redis.commands().exists(view(second), ROW)).isZero();
        assertThat(redis.commands().zcard(PLACES)).isEqualTo(1);
    }

    @Test
    void aReservationThatLapsedGivesItsPlaceBack() {
        // Given
        TestAgent first = TestAgent.create();
        reserve(first, 1);
        redis.commands().zadd(PLACES, redis.now() - 1_000, first.id().value());

        // When
        Reservation reservation = reserve(TestAgent.create(), 1);

        // Then
        assertThat(reservation).isEqualTo(new Reservation.Granted());
    }

    @Test
    void anAgentOnTheLogKeepsItsPlaceUntilItEnds() {
        // Given
        TestAgent agent = TestAgent.create();
        projected.write(agent, agent.command());

        // When
        Reservation whileItWaits = reserve(TestAgent.create(), 1);
        projected.write(agent, agent.cancelRequested());
        Reservation afterItsEnd = reserve(TestAgent.create(), 1);

        // Then
        assertThat(whileItWaits).isEqualTo(new Reservation.TooMany());
        assertThat(afterItsEnd).isEqualTo(new Reservation.Granted());
    }

    @Test
    void anotherRequestUnderTheSameKeyIsAConflict() {
        // Given
        reserve(marked(MARK), 9);

        // When
        Reservation reservation = reserve(marked(new IdempotencyMark("once", "other body")), 9);

        // Then
        assertThat(reservation).isEqualTo(new Reservation.Conflict());
    }

    @Test
    void aRepeatedRequestWaitsWhileTheFirstIsInFlight() {
        // Given
        reserve(marked(MARK), 9);

        // When
        Reservation reservation = reserve(marked(MARK), 9);

        // Then
        assertThat(reservation).isEqualTo(new Reservation.InFlight());
    }

    @Test
    void aRepeatedRequestDrivesTheFirstOnesAgentAgain() {
        // Given
        TestAgent first = marked(MARK);
        reserve(first, 9);
        firstRequestWasLongAgo();

        // When
        Reservation reservation = reserve(marked(MARK), 9);

        // Then
        Reservation.Unfinished unfinished = (Reservation.Unfinished) reservation;
        assertThat(unfinished.agentId()).isEqualTo(first.id());
        assertThat(unfinished.dataKey()).isEqualTo(first.wrapped());
        assertThat(WireJson.MAPPER.readValue(unfinished.state(), AgentState.class).order())
                .isEqualTo(first.order());
    }

    @Test
    void aRepeatedRequestFindsTheAgentThatIsOnTheLog() {
        // Given
        TestAgent first = marked(MARK);
        reserve(first, 9);
        projected.write(first, first.command());

        // When
        Reservation whileReadable = reserve(marked(MARK), 9);
        redis.commands().del(view(first));
        Reservation afterItsView = reserve(marked(MARK), 9);

        // Then
        Reservation.Replayed replayed = (Reservation.Replayed) whileReadable;
        assertThat(replayed.agentId()).isEqualTo(first.id());
        assertThat(WireJson.MAPPER.readValue(replayed.state(), AgentState.class).order())
                .isEqualTo(first.order());
        assertThat(afterItsView).isEqualTo(new Reservation.Replayed(first.id(), ""));
    }

    @Test
    void aRowThatOutlivedItsReservationNamesTheIdToReserveAgain() {
        // Given
        TestAgent first = marked(MARK);
        reserve(first, 9);
        firstRequestWasLongAgo();
        redis.commands().del(view(first));

        // When
        Reservation reservation = reserve(marked(MARK), 9);
        Reservation again = reserve(first, 9);

        // Then
        assertThat(reservation).isEqualTo(new Reservation.Lapsed(first.id()));
        assertThat(again).isEqualTo(new Reservation.Granted());
    }

    @Test
    void fiftyRequestsAtOnceUnderOneKeyReserveOneAgent() {
        // When
        List<Reservation> reservations =
                Flux.range(0, 50)
                        .map(n -> marked(MARK))
                        .flatMap(agent -> asked(agent, 60), 50)
                        .collectList()
                        .block();

        // Then
        assertThat(reservations).containsOnlyOnce(new Reservation.Granted());
        assertThat(reservations).filteredOn(new Reservation.InFlight()::equals).hasSize(49);
        assertThat(redis.commands().zcard(PLACES)).isEqualTo(1);
    }

    @Test
    void undoTakesEverythingBack() {
        // Given
        TestAgent agent = marked(MARK);
        reserve(agent, 1);

        // When
        views.undo(agent.order(), RequestTokens.NONE).block();

        // Then
        assertThat(redis.commands().exists(view(agent), ROW, PLACES)).isZero();
        assertThat(reserve(marked(MARK), 1)).isEqualTo(new Reservation.Granted());
    }

    @Test
    void undoGivesBackWhatWasTakenAndNoMore() {
        // Given
        TestAgent agent = TestAgent.create();
        Limiter limiter = new Limiter(AgencyConfig.standard(Map.of()), redis.store());
        RequestTokens tokens = limiter.ofAddress("192.0.2.1");
        Bucket calls = limiter.ofKey(agent.account(), TestAgent.KEY, "POST /spawn");
        tokens.from(calls);
        AgentViews.SpawnLimits limits = TestAgent.limits(9);
        views.reserve(agent.command(), agent.wrapped(), limits, tokens).block();
        assertThat(redis.commands().hget(calls.key(), "u")).isEqualTo("1");

        // When: twice
        views.undo(agent.order(), tokens).block();
        reserve(agent, 9);
        views.undo(agent.order(), tokens).block();

        // Then
        assertThat(redis.commands().hget(calls.key(), "u")).isEqualTo("0");
        assertThat(redis.commands().exists(view(agent))).isZero();
    }

    @Test
    void undoLeavesAnAgentOnTheLogAlone() {
        // Given
        TestAgent agent = marked(MARK);
        reserve(agent, 1);
        projected.write(agent, agent.command());

        // When
        views.undo(agent.order(), RequestTokens.NONE).block();

        // Then
        assertThat(redis.commands().exists(view(agent), ROW, PLACES)).isEqualTo(3);
    }

    @Test
    void undoLeavesAnothersRowAlone() {
        // Given
        TestAgent agent = marked(MARK);
        reserve(agent, 9);
        AgentId other = TestAgent.create().id();
        redis.commands().hset(ROW, "id", other.value());

        // When
        views.undo(agent.order(), RequestTokens.NONE).block();

        // Then
        assertThat(redis.commands().hget(ROW, "id")).isEqualTo(other.value());
    }

    @Test
    void nothingIsReservedInARedisThatWasFlushed() {
        // Given
        redis.commands().flushall();
        TestAgent agent = marked(MARK);

        // When
        assertUnavailable(agent);

        // Then
        assertThat(redis.commands().dbsize()).isZero();
    }

    @Test
    void nothingIsReservedInARedisOlderThanWhatWasSeen() {
        // Given
        reserve(TestAgent.create(), 9);
        redis.commands().hset(RedisKeys.META, "total", "4");
        TestAgent agent = TestAgent.create();

        // When
        assertUnavailable(agent);

        // Then
        assertThat(redis.commands().exists(view(agent))).isZero();
    }

    @Test
    void nothingIsReservedBeforeTheLogHasBeenRead() {
        // Given
        views =
                new AgentViews(
                        new ProjectedStore(
                                redis.store(),
                                new Freshness(),
                                new Limiter(AgencyConfig.standard(Map.of()), redis.store())));
        TestAgent agent = TestAgent.create();

        // When
        assertUnavailable(agent);

        // Then
        assertThat(redis.commands().exists(view(agent))).isZero();
    }

    private void assertUnavailable(TestAgent agent) {
        assertThatThrownBy(() -> reserve(agent, 9))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> {
                            assertThat(problem.problem()).isEqualTo(Problem.STORE_UNAVAILABLE);
                            assertThat(problem.retryAfterSeconds()).isPositive();
                        });
    }

    private Reservation reserve(TestAgent agent, int concurrency) {
        return Objects.requireNonNull(asked(agent, concurrency).block());
    }

    private Mono<Reservation> asked(TestAgent agent, int concurrency) {
        return views.reserve(
                agent.command(),
                agent.wrapped(),
                TestAgent.limits(concurrency),
                RequestTokens.NONE);
    }

    /// Longer ago than a request may be in flight.
    private static void firstRequestWasLongAgo() {
        redis.commands().hset(ROW, "at", Long.toString(redis.now() - 10_000));
    }

    private static TestAgent marked(IdempotencyMark mark) {
        return TestAgent.of(
                TestAgent.ACCOUNT, TestAgent.KEY, "k2p5", "task", 60, TestAgent.now(), mark);
    }

    private static String view(TestAgent agent) {
        return RedisKeys.agent(agent.account(), agent.id());
    }
}
