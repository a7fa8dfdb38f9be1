package ai.j1msky.notifier.send;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// When a delivery is tried again: the schedule of Standard Webhooks. A table, not a loop.
public final class Schedule {

    /// After the first attempt, the second, …
    static final List<Duration> PAUSES =
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(30),
                    Duration.ofHours(2),
                    Duration.ofHours(5),
                    Duration.ofHours(10),
                    Duration.ofHours(10));

    /// An endpoint that has failed for so long gets nothing any more.
    static final Duration PATIENCE = Duration.ofDays(5);

    /// Each pause is up to so much longer or shorter, so that not all come back at once.
    private static final double JITTER = 0.1;

    private Schedule() {}

    /// @param attempt the one that was made, from 1
    /// @param failingSince of the endpoint's first attempt that failed since one succeeded, or null
    public static NextStep after(
            int attempt,
            Answer answer,
            @Nullable Instant failingSince,
            Instant now,
            RandomGenerator random) {
        return switch (answer) {
            case Answer.Accepted _ -> new NextStep.Done();
            case Answer.Gone _ -> new NextStep.Disable("It answered 410 (Gone).");
            case Answer.Refused(int _, Duration retryAfter) ->
                    retry(attempt, retryAfter, failingSince, now, random);
            case Answer.Unreachable _ -> retry(attempt, null, failingSince, now, random);
        };
    }

    private static NextStep retry(
            int attempt,
            @Nullable Duration retryAfter,
            @Nullable Instant failingSince,
            Instant now,
            RandomGenerator random) {
        if (failingSince != null && Duration.between(failingSince, now).compareTo(PATIENCE) >= 0) {
            return new NextStep.Disable("It has failed for five days.");
        }
        if (attempt > PAUSES.size()) {
            return new NextStep.GiveUp("exhausted");
        }
        Duration pause = PAUSES.get(attempt - 1);
        double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
        Duration jittered = Duration.ofMillis((long) (pause.toMillis() * factor));
        boolean askedForMore = retryAfter != null && retryAfter.compareTo(jittered) > 0;
        return new NextStep.RetryAt(now.plus(askedForMore ? retryAfter : jittered));
    }
}
