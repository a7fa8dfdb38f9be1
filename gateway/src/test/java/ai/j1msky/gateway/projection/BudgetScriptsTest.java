package ai.j1msky.gateway.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.j1msky.common.agent.IdempotencyMark;
import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.ledger.Balance;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.TestAgent;
import ai.j1msky.gateway.TestRedis;
import ai.j1msky.gateway.limit.Limiter;
import ai.j1msky.gateway.limit.RequestTokens;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.view.AgentViews;
import ai.j1msky.gateway.view.AgentViews.SpawnLimits;
import ai.j1msky.gateway.view.Freshness;
import ai.j1msky.gateway.view.ProjectedStore;
import ai.j1msky.gateway.view.Reservation;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Budgets in `admit.lua`, `undo.lua` and `apply.lua` on a real Redis. Every agent holds [TestAgent#HOLD].
class BudgetScriptsTest {

    private static final long HOLD = TestAgent.HOLD.micros();
    private static final long PLENTY = 1_000 * HOLD;
    private static final String BALANCES = RedisKeys.balances(TestAgent.ACCOUNT);
    private static final String PENDING = RedisKeys.pending(TestAgent.ACCOUNT);
    private static final IdempotencyMark MARK = new IdempotencyMark("once", "body");

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
        flush(100);
        Freshness freshness = new Freshness();
        freshness.open();
        views =
                new AgentViews(
                        new ProjectedStore(
                                redis.store(),
                                freshness,
                                new Limiter(AgencyConfig.standard(Map.of()), redis.store())));
    }

    @Test
    void ofFiftyAtOnceExactlyTenFitIntoABudgetForTen() {
        // When
        List<Boolean> granted =
                Objects.requireNonNull(
                        Flux.range(0, 50)
                                .flatMap(
                                        i ->
                                                asked(TestAgent.create(), daily(10 * HOLD))
                                                        .map(any -> true)
                                                        .onErrorReturn(false),
                                        50)
                                .collectList()
                                .block());

        // Then
        assertThat(granted).filteredOn(yes -> yes).hasSize(10);
        assertThat(pending("account")).isEqualTo(10 * HOLD);
        assertThat(pending(TestAgent.KEY.value())).isEqualTo(10 * HOLD);
    }

    @Test
    void aRefusalSaysWhichBudgetAndLeavesNothing() {
        // Given
        TestAgent agent = TestAgent.create();

        // When, then
        assertRefused(agent, daily(HOLD - 1), Problem.DAILY_BUDGET);
        assertRefused(
                agent,
                new SpawnLimits(100, most(), terms(PLENTY, HOLD - 1), null),
                Problem.MONTHLY_BUDGET);
        assertRefused(
                agent,
                new SpawnLimits(100, most(), terms(PLENTY, PLENTY), terms(HOLD - 1, PLENTY)),
                Problem.KEY_DAILY_BUDGET);
        assertThat(redis.commands().exists(PENDING, RedisKeys.agent(agent.account(), agent.id())))
                .isZero();
    }

    @Test
    void whatRunningAgentsHoldIsWorthAskingAgainSoonWhatIsSpentOnlyTomorrow() {
        // Given
        reserve(TestAgent.create(), daily(HOLD));

        // When
        int whileHeld = refusal(daily(HOLD)).retryAfterSeconds();
        flush(100);
        set(0, 0, HOLD);
        int onceSpent = refusal(daily(HOLD)).retryAfterSeconds();

        // Then
        assertThat(whileHeld).isEqualTo(5);
        long left = 86_400 - redis.now() / 1_000 % 86_400;
        assertThat((long) onceSpent).isBetween(left - 5, left + 5);
    }

    @Test
    void aReservationThatNothingFollowedGivesItsHoldBack() {
        // Given
        TestAgent first = TestAgent.create();
        reserve(first, daily(HOLD));
        assertThat(redis.commands().zscore(PENDING, member(first)))
                .isBetween(redis.now() + 25_000.0, redis.now() + 31_000.0);
        refusal(daily(HOLD));

        // When: its 30 seconds are over
        redis.commands().zadd(PENDING, redis.now() - 1.0, member(first));

        // Then
        reserve(TestAgent.create(), daily(HOLD));
        assertThat(pending("account")).isEqualTo(HOLD);
    }

    @Test
    void aRecordOnTheLogKeepsTheHoldUntilTheBalanceHasIt() {
        // Given
        TestAgent agent = TestAgent.create();
        reserve(agent, daily(HOLD));
        long offset = projected.nextOffset();
        projected.write(agent, agent.command());
        double kept = redis.commands().zscore(PENDING, member(agent));
        refusal(daily(HOLD));

        // When: balances without it, then with it
        set(offset, 0, 0);
        Problem before = refusal(daily(HOLD)).problem();
        set(offset + 1, HOLD, 0);

        // Then
        assertThat(kept).isEqualTo(2e15 + offset);
        assertThat(before).isEqualTo(Problem.DAILY_BUDGET);
        assertThat(pending("account")).isZero();
        assertThat(redis.commands().exists(PENDING)).isZero();
        refusal(daily(HOLD));
        set(offset + 1, 0, HOLD - 1);
        reserve(TestAgent.create(), daily(2 * HOLD - 1));
    }

    @Test
    void aCommandThatTheBalanceHasIsNotCountedAgain() {
        // Given
        TestAgent agent = TestAgent.create();
        long offset = projected.nextOffset();
        set(offset + 1, HOLD, 0);

        // When
        projected.write(agent, agent.command());

        // Then
        assertThat(pending("account")).isZero();
        reserve(TestAgent.create(), daily(2 * HOLD));
    }

    @Test
    void aFlushedRedisHasTheSameHoldsAgainFromTheLog() {
        // Given
        TestAgent inBalance = TestAgent.create();
        TestAgent pending = TestAgent.create();
        long offset = projected.nextOffset();

        // When: in either order
        projected.write(inBalance, inBalance.command());
        projected.write(pending, pending.command());
        set(offset + 1, HOLD, 3);
        long commandsFirst = pending("account");
        flush(offset);
        set(offset + 1, HOLD, 3);
        projected.write(inBalance, inBalance.command());
        projected.write(pending, pending.command());

        // Then
        assertThat(commandsFirst).isEqualTo(HOLD);
        assertThat(pending("account")).isEqualTo(HOLD);
        refusal(daily(3 * HOLD + 2));
        reserve(TestAgent.create(), daily(3 * HOLD + 3));
    }

    @Test
    void aRecordReadAgainAndARecordSentAgainHoldOnce() {
        // Given
        TestAgent agent = TestAgent.create();

        // When
        projected.write(agent, agent.command());
        projected.write(agent, agent.command());
        projected.write(agent, agent.command().withAttempt(2));

        // Then
        assertThat(pending("account")).isEqualTo(HOLD);
        assertThat(pending(TestAgent.KEY.value())).isEqualTo(HOLD);
    }

    @Test
    void undoGivesTheHoldBackOnce() {
        // Given
        TestAgent agent = TestAgent.create();
        reserve(agent, daily(HOLD));

        // When
        views.undo(agent.order(), RequestTokens.NONE).block();
        views.undo(agent.order(), RequestTokens.NONE).block();

        // Then
        assertThat(pending("account")).isZero();
        reserve(TestAgent.create(), daily(HOLD));
    }

    @Test
    void aRepeatWhoseHoldHasLapsedNeedsRoomAgain() {
        // Given
        TestAgent agent = marked();
        reserve(agent, daily(HOLD));
        redis.commands()
                .hset(
                        RedisKeys.idempotency(TestAgent.ACCOUNT, "once"),
                        "at",
                        Long.toString(redis.now() - 10_000));
        redis.commands().zadd(PENDING, redis.now() - 1.0, member(agent));
        TestAgent other = TestAgent.create();
        reserve(other, daily(HOLD));

        // When
        Problem full = refusalOf(marked(), daily(HOLD)).problem();
        Reservation roomy = reserve(marked(), daily(2 * HOLD));

        // Then
        assertThat(full).isEqualTo(Problem.DAILY_BUDGET);
        assertThat(roomy).isInstanceOf(Reservation.Unfinished.class);
        assertThat(pending("account")).isEqualTo(2 * HOLD);
        assertThat(redis.commands().zscore(PENDING, member(agent))).isNotNull();
    }

    @Test
    void whatWasSpentYesterdayAndLastMonthIsOver() {
        // Given
        LocalDate today = LocalDate.now(ZoneOffset.UTC);

        boolean sameMonth = YearMonth.from(today).equals(YearMonth.from(today.minusDays(1)));

        // When: all of it yesterday
        set(Balance.WHOLE, 0, today.minusDays(1), HOLD, HOLD, 0);

        // Then
        reserve(TestAgent.create(), daily(HOLD));
        set(Balance.WHOLE, 0, today.minusDays(1), HOLD, PLENTY, 0);
        if (sameMonth) {
            assertRefused(TestAgent.create(), daily(PLENTY), Problem.MONTHLY_BUDGET);
        }
        set(Balance.WHOLE, 0, today.minusDays(32), HOLD, PLENTY, 0);
        reserve(TestAgent.create(), daily(PLENTY));
    }

    @Test
    void aKeyHasABudgetOfItsOwn() {
        // Given
        SpawnLimits limits =
                new SpawnLimits(100, most(), terms(PLENTY, PLENTY), terms(2 * HOLD, PLENTY));
        set(TestAgent.KEY.value(), HOLD, LocalDate.now(ZoneOffset.UTC), 0, 0, 0);

        // When
        reserve(TestAgent.create(), limits);

        // Then
        assertRefused(TestAgent.create(), limits, Problem.KEY_DAILY_BUDGET);
        TestAgent ofAnother =
                TestAgent.of(
                        TestAgent.ACCOUNT,
                        new KeyId("key_other"),
                        "k2p5",
                        "task",
                        60,
                        TestAgent.now(),
                        null);
        reserve(ofAnother, limits);
    }

    private void flush(long nextOffset) {
        redis.commands().flushall();
        projected = new ProjectedViews(redis, nextOffset);
        projected.mark(5);
    }

    private void set(long readOfNormal, long held, long spent) {
        set(Balance.WHOLE, held, LocalDate.now(ZoneOffset.UTC), spent, spent, readOfNormal);
    }

    private void set(
            String holder, long held, LocalDate day, long ofDay, long ofMonth, long readOfNormal) {
        projected.write(
                TestAgent.create(),
                new Balance(
                        TestAgent.ACCOUNT,
                        holder,
                        Money.micros(held),
                        day,
                        Money.micros(ofDay),
                        Money.micros(ofMonth),
                        0,
                        0,
                        Map.of(Topics.SPAWN_NORMAL.name(), readOfNormal),
                        TestAgent.now()));
    }

    private void assertRefused(TestAgent agent, SpawnLimits limits, Problem problem) {
        assertThat(refusalOf(agent, limits).problem()).isEqualTo(problem);
    }

    private ProblemException refusal(SpawnLimits limits) {
        return refusalOf(TestAgent.create(), limits);
    }

    private ProblemException refusalOf(TestAgent agent, SpawnLimits limits) {
        ProblemException[] caught = new ProblemException[1];
        assertThatThrownBy(() -> reserve(agent, limits))
                .isInstanceOfSatisfying(ProblemException.class, problem -> caught[0] = problem);
        return caught[0];
    }

    private Reservation reserve(TestAgent agent, SpawnLimits limits) {
        return Objects.requireNonNull(asked(agent, limits).block());
    }

    private Mono<Reservation> asked(TestAgent agent, SpawnLimits limits) {
        return views.reserve(agent.command(), agent.wrapped(), limits, RequestTokens.NONE);
    }

    private static SpawnLimits daily(long micros) {
        return new SpawnLimits(100, most(), terms(micros, PLENTY), null);
    }

    private static BudgetTerms terms(long daily, long monthly) {
        return new BudgetTerms(Money.micros(daily), Money.micros(monthly), List.of());
    }

    private static Money most() {
        return Money.micros(PLENTY * 1_000);
    }

    private static TestAgent marked() {
        return TestAgent.of(
                TestAgent.ACCOUNT, TestAgent.KEY, "k2p5", "task", 60, TestAgent.now(), MARK);
    }

    private static String member(TestAgent agent) {
        return agent.order().keyId() + ":" + HOLD + ":" + agent.id();
    }

    private static long pending(String holder) {
        @Nullable String sum = redis.commands().hget(BALANCES, "p:" + holder);
        return sum == null ? 0 : Long.parseLong(sum);
    }
}
