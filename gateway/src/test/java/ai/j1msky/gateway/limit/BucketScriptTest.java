package ai.j1msky.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.gateway.TestRedis;
import ai.j1msky.gateway.redis.RedisScript;
import io.lettuce.core.ScriptOutputType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The buckets' script on a real Redis, with a clock that the test sets.
class BucketScriptTest {

    /// Later than any real time, so that no key expires meanwhile.
    private static final long EPOCH = 4_000_000_000_000L;

    private static final String TAKE =
            RedisScript.of("buckets", "entry", "pay")
                    .text()
                    .replace("redis.call('TIME')", "{ARGV[#ARGV - 1], ARGV[#ARGV]}");

    private static TestRedis redis;

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
    }

    private record Taken(boolean granted, long retryMillis, long limit, long left, long reset) {}

    /// One call of a key's bucket at that time (ms since the epoch of this test).
    private static Taken take(long limit, long window, long at) {
        List<Object> answer =
                redis.commands()
                        .eval(
                                TAKE,
                                ScriptOutputType.MULTI,
                                new String[] {"address", "key", "signature"},
                                "0",
                                "0",
                                Long.toString(limit),
                                Long.toString(window),
                                "0",
                                Long.toString((EPOCH + at) / 1_000),
                                Long.toString((EPOCH + at) % 1_000 * 1_000));
        boolean granted = "ok".equals(answer.getFirst());
        List<?> figures = (List<?>) answer.get(granted ? 2 : 4);
        return new Taken(
                granted,
                granted ? 0 : (Long) answer.get(3),
                (Long) figures.get(0),
                (Long) figures.get(1),
                (Long) figures.get(2));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1000, 1",
        "3, 1000, 2",
        "10, 60000, 3",
        "100, 3600000, 4",
        "7, 3599, 5",
        "50, 86400000, 6"
    })
    void noWindowSeesMoreThanTheLimitAndEveryPromiseHolds(int limit, long window, long seed) {
        Random random = new Random(seed);
        Deque<Long> lately = new ArrayDeque<>();
        long slice = (window + 59) / 60;
        long at = random.nextInt(1_000_000);
        int refusals = 0;
        for (int step = 0; step < 3_000; step++) {
            at +=
                    random.nextInt(200) == 0
                            ? random.nextLong(window)
                            : random.nextLong(2 * window / limit / 3 + 2);
            long from = at - window;
            Taken taken = take(limit, window, at);
            lately.removeIf(time -> time <= from - slice);
            long inWindow = lately.stream().filter(time -> time > from).count();
            if (taken.granted()) {
                lately.add(at);
                assertThat(inWindow + 1)
                        .as("in one window, step %d", step)
                        .isLessThanOrEqualTo(limit);
                assertThat(taken.left()).isBetween(0L, limit - 1L);
            } else {
                refusals++;
                assertThat(lately)
                        .as("refused only when a window and a slice hold all")
                        .hasSizeGreaterThanOrEqualTo(limit);
                assertThat(taken.left()).isZero();
                assertThat(taken.reset()).isEqualTo(taken.retryMillis()).isPositive();
                // A moment before it is refused still; then it goes through.
                assertThat(take(limit, window, at + taken.retryMillis() - 1).granted()).isFalse();
                at += taken.retryMillis();
                assertThat(take(limit, window, at).granted()).isTrue();
                lately.add(at);
            }
        }
        assertThat(refusals).as("how often the limit was met").isGreaterThan(20);
    }

    @Test
    void whatIsUsedAndWhatIsLeftIsTheLimit() {
        assertThat(take(5, 60_000, 10).left()).isEqualTo(4);
        assertThat(take(5, 60_000, 20).left()).isEqualTo(3);
        // Some left: until all are back. The slice of the second one ends at 1 s, and a window
        // later it is there.
        assertThat(take(5, 60_000, 500).reset()).isEqualTo(1_000 + 60_000 - 500);
    }

    @Test
    void aBucketThatIsFullAgainLeavesNothingInRedis() {
        take(5, 60_000, 0);
        take(5, 60_000, 61_001 + 60_000);
        // The first call's slice is gone.
        assertThat(redis.commands().hlen("key")).isEqualTo(4);
    }

    @Test
    void aSmallerLimitHoldsAtOnce() {
        for (int i = 0; i < 10; i++) {
            take(10, 60_000, i * 2_000L);
        }
        Taken refused = take(4, 60_000, 20_000);
        assertThat(refused.granted()).isFalse();
        assertThat(take(4, 60_000, 20_000 + refused.retryMillis() - 1).granted()).isFalse();
        assertThat(take(4, 60_000, 20_000 + refused.retryMillis()).granted()).isTrue();
    }

    @Test
    void aClockThatIsSetBackGivesNothingAway() {
        assertThat(take(1, 60_000, 3_600_000).granted()).isTrue();
        assertThat(take(1, 60_000, 0).granted()).isFalse();
        assertThat(take(1, 60_000, 3_600_000).granted()).isFalse();
        assertThat(take(1, 60_000, 3_600_000 + 61_000).granted()).isTrue();
    }
}
