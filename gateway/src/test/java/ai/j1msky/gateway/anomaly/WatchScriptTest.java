package ai.j1msky.gateway.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.gateway.TestRedis;
import ai.j1msky.gateway.redis.RedisScript;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Weeks of a key's life, minute by minute, through the real script with the standard settings.
class WatchScriptTest {

    private static final RedisScript WATCH = RedisScript.of("watch");
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final int HOUR = 60;
    private static final int DAY = 24 * HOUR;
    private static final int WEEK = 7 * DAY;

    /// A Monday, later than any real time, so that nothing lapses while weeks pass in seconds.
    private static final long MONDAY = 4_000_147_200_000L;

    private static TestRedis redis;
    private final Random random = new Random(20261125);
    private long block;

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

    private record Told(int minute, String what, long value, long usual) {}

    /// What a key does in one minute.
    private record Minute(long requests, long errors, long micros, List<String> addresses) {

        static Minute of(long requests) {
            return new Minute(requests, 0, 0, List.of("192.0.2.1"));
        }
    }

    private interface Life {
        Minute at(int minute);
    }

    /// Lives from one minute to another, not included.
    private List<Told> live(int from, int to, Life life) {
        List<RedisFuture<List<Object>>> answers = new ArrayList<>();
        for (int minute = from; minute < to; minute++) {
            answers.add(send(minute, life.at(minute)));
        }
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            List<Object> answer = answers.get(i).toCompletableFuture().join();
            for (int word = 1; word < answer.size(); word += 3) {
                told.add(
                        new Told(
                                from + i,
                                (String) answer.get(word),
                                (Long) answer.get(word + 1),
                                (Long) answer.get(word + 2)));
            }
        }
        return told;
    }

    private RedisFuture<List<Object>> send(int minute, Minute done) {
        Stream<Long> figures =
                Stream.of(
                        MONDAY + minute * MINUTE,
                        10 * MINUTE,
                        DAY * MINUTE,
                        5L,
                        300L,
                        50L,
                        5L,
                        5_000_000L,
                        block,
                        done.requests(),
                        done.errors(),
                        done.micros());
        return redis.store()
                .commands()
                .eval(
                        WATCH.text(),
                        ScriptOutputType.MULTI,
                        new String[] {"watch", "addresses"},
                        Stream.concat(figures.map(String::valueOf), done.addresses().stream())
                                .toArray(String[]::new));
    }

    private long poisson(double mean) {
        // Knuth's, or its normal approximation.
        if (mean > 50) {
            return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
        }
        double left = Math.exp(mean);
        long count = -1;
        while (left > 1 || count < 0) {
            left *= random.nextDouble();
            count++;
        }
        return count;
    }

    /// Requests by a rate, one in twenty of them refused, an agent of two cents with every tenth, from an office whose
    /// people get new addresses now and then.
    private Minute office(double rate) {
        long requests = poisson(rate);
        long errors = requests == 0 ? 0 : Math.min(requests, poisson(requests * 0.05));
        List<String> addresses =
                IntStream.range(0, (int) Math.min(requests, 8))
                        .mapToObj(
                                person ->
                                        random.nextInt(2_000) == 0
                                                ? "198.51.100." + random.nextInt(256)
                                                : "192.0.2." + person)
                        .distinct()
                        .toList();
        return new Minute(requests, errors, requests / 10 * 20_000, addresses);
    }

    private static double workday(long minute) {
        double hour = minute % DAY / 60.0;
        boolean weekend = minute / DAY % 7 >= 5;
        double curve = Math.exp(-Math.pow((hour - 13) / 4, 2));
        return (weekend ? 0.2 : 1) * curve;
    }

    private void tellsNothing(LongToDoubleFunction rate) {
        assertThat(live(0, WEEK, minute -> office(rate.applyAsDouble(minute)))).isEmpty();
    }

    @Test
    void aSteadyWeekIsUsual() {
        tellsNothing(minute -> 100);
    }

    @Test
    void aQuietWeekIsUsual() {
        tellsNothing(minute -> 0.2);
    }

    @Test
    void aWeekOfWorkdaysAndNightsIsUsual() {
        tellsNothing(minute -> 2 + 200 * workday(minute));
    }

    @Test
    void aWeekThatGrowsByHalfEachDayIsUsual() {
        tellsNothing(minute -> 50 * Math.pow(1.5, (double) minute / DAY));
    }

    @Test
    void aWeekOfNightlyBatchesIsUsual() {
        tellsNothing(minute -> minute % DAY >= 120 && minute % DAY < 150 ? 400 : 1);
    }

    @Test
    void aBreakOfTwoDaysIsUsual() {
        tellsNothing(minute -> minute / DAY == 3 || minute / DAY == 4 ? 0 : 100);
    }

    @Test
    void sixTimesTheRequestsAreToldWithinTheWindowAndOnceAnHour() {
        // When
        List<Told> quiet = live(0, 3 * DAY, minute -> Minute.of(100));
        List<Told> told = live(3 * DAY, 3 * DAY + 2 * HOUR, minute -> Minute.of(600));

        // Then
        assertThat(quiet).isEmpty();
        assertThat(told).extracting(Told::what).containsExactly("r", "r");
        assertThat(told.getFirst().minute()).isBetween(3 * DAY, 3 * DAY + 9);
        assertThat(told.getFirst().value()).isGreaterThan(5_000);
        assertThat(told.getFirst().usual()).isEqualTo(1_000);
        assertThat(told.getLast().minute() - told.getFirst().minute()).isGreaterThanOrEqualTo(HOUR);
    }

    @Test
    void aShareOfErrorsThatJumpsIsTold() {
        // When
        List<Told> quiet = live(0, 2 * DAY, minute -> new Minute(100, 5, 0, List.of("192.0.2.1")));
        List<Told> told =
                live(2 * DAY, 2 * DAY + 20, minute -> new Minute(100, 80, 0, List.of("192.0.2.1")));

        // Then
        assertThat(quiet).isEmpty();
        assertThat(told).containsExactly(new Told(2 * DAY, "e", 800, 50));
    }

    @Test
    void aKeyThatAlwaysFailsIsUsual() {
        assertThat(live(0, 3 * DAY, minute -> new Minute(100, 95, 0, List.of("192.0.2.1"))))
                .isEmpty();
    }

    @Test
    void manyNewAddressesAreTold() {
        // When
        List<Told> quiet = live(0, 2 * DAY, minute -> Minute.of(1));
        List<Told> told =
                live(
                        2 * DAY,
                        2 * DAY + 8,
                        minute -> new Minute(1, 0, 0, List.of("203.0.113." + minute % 256)));

        // Then: the sixth, since five are not many
        assertThat(quiet).isEmpty();
        assertThat(told).containsExactly(new Told(2 * DAY + 5, "a", 6, 1));
    }

    @Test
    void dollarsThatJumpAreTold() {
        // When
        List<Told> quiet =
                live(0, 2 * DAY, minute -> new Minute(1, 0, 20_000, List.of("192.0.2.1")));
        List<Told> told =
                live(
                        2 * DAY,
                        2 * DAY + 10,
                        minute -> new Minute(1, 0, 900_000, List.of("192.0.2.1")));

        // Then
        assertThat(quiet).isEmpty();
        assertThat(told).containsExactly(new Told(2 * DAY + 5, "d", 5_400_000, 200_000));
    }

    @Test
    void aNewKeyIsOnlyWatchedForADay() {
        assertThat(live(0, HOUR, minute -> Minute.of(1))).isEmpty();
        assertThat(live(HOUR, DAY, minute -> Minute.of(10_000))).isEmpty();
    }

    @Test
    void whatWasToldIsNotUsualAtOnceButInTheEnd() {
        // Given
        assertThat(live(0, 2 * DAY, minute -> Minute.of(100))).isEmpty();

        // When
        List<Told> first = live(2 * DAY, 3 * DAY, minute -> Minute.of(2_000));
        List<Told> second = live(3 * DAY, 4 * DAY, minute -> Minute.of(2_000));

        // Then: the first day counts as what would just have passed, five times the usual
        assertThat(first).hasSizeBetween(20, 24);
        assertThat(first.getLast().usual()).isEqualTo(1_000);
        assertThat(second).isEmpty();
        assertThat(live(4 * DAY, 4 * DAY + 10, minute -> Minute.of(30_000))).hasSize(1);
    }

    @Test
    void aRampWithinADayDoesNotHide() {
        assertThat(live(0, 2 * DAY, minute -> Minute.of(100))).isEmpty();
        assertThat(
                        live(
                                2 * DAY,
                                2 * DAY + HOUR,
                                minute -> Minute.of(100L << ((minute - 2 * DAY) / 10))))
                .hasSize(1);
    }

    @Test
    void aBlockLastsAsLongAsTheSettingSays() {
        // Given
        block = 10 * MINUTE;
        assertThat(live(0, 2 * DAY, minute -> Minute.of(10))).isEmpty();

        // When
        long from = (long) send(2 * DAY, Minute.of(5_000)).toCompletableFuture().join().getFirst();
        long then = (long) send(2 * DAY + 9, Minute.of(1)).toCompletableFuture().join().getFirst();
        long after =
                (long) send(2 * DAY + 11, Minute.of(1)).toCompletableFuture().join().getFirst();

        // Then
        assertThat(from).isEqualTo(MONDAY + (2 * DAY + 10) * MINUTE);
        assertThat(then).isEqualTo(from);
        assertThat(after).isZero();
    }

    @Test
    void aBlockEndsWhenTheSettingIsTakenBack() {
        // Given
        block = Duration.ofDays(1).toMillis();
        assertThat(live(0, 2 * DAY, minute -> Minute.of(10))).isEmpty();
        long blocked =
                (long) send(2 * DAY, Minute.of(5_000)).toCompletableFuture().join().getFirst();

        // When
        block = 0;
        long after = (long) send(2 * DAY + 1, Minute.of(1)).toCompletableFuture().join().getFirst();

        // Then
        assertThat(blocked).isPositive();
        assertThat(after).isZero();
    }

    @Test
    void thousandsOfAddressesTakeNoMoreRoomThanOneThousand() {
        List<Told> _ =
                live(
                        0,
                        100,
                        minute ->
                                new Minute(
                                        100,
                                        0,
                                        0,
                                        IntStream.range(0, 100)
                                                .mapToObj(i -> "198.18." + minute + "." + i)
                                                .toList()));
        assertThat(redis.commands().zcard("addresses")).isEqualTo(1_000);
    }
}
