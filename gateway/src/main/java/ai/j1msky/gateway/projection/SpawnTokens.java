package ai.j1msky.gateway.projection;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.Attempt;
import ai.j1msky.common.agent.FailedCall;
import ai.j1msky.common.agent.Outcome;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.limit.Bucket;
import ai.j1msky.gateway.limit.Limiter;
import java.time.Instant;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// What a spawn took from the buckets of its key, and its model calls from those of their providers, so that a Redis that was flushed gets it back from
/// the log before it answers again.
final class SpawnTokens {

    /// The endpoint's name in the configuration of limits.
    private static final String SPAWN = "POST /spawn";

    private final Limiter limiter;

    SpawnTokens(Limiter limiter) {
        this.limiter = limiter;
    }

    /// What the spawn took, as `apply.lua` takes it: key, window in milliseconds, how much and when, one per line; empty
    /// when all has returned.
    String of(AgentOrder order, @Nullable Outcome outcome, Instant now) {
        StringJoiner lines = new StringJoiner("\n");
        Bucket calls = limiter.ofKey(order.accountId(), order.keyId(), SPAWN);
        add(lines, calls, order.created(), now);
        Money kept = outcome == null ? order.hold() : outcome.cost().atMost(order.hold());
        if (kept.micros() > 0 && order.created().plus(Limiter.HOUR).isAfter(now)) {
            lines.add(RedisKeys.holds(order.accountId(), order.keyId()))
                    .add(Long.toString(Limiter.HOUR.toMillis()))
                    .add(Long.toString(kept.micros()))
                    .add(Long.toString(order.created().toEpochMilli()));
        }
        return lines.toString();
    }

    /// What its model calls took, the oldest first, in the same form.
    String ofCalls(AgentOrder order, List<Attempt> attempts, Instant now) {
        StringJoiner lines = new StringJoiner("\n");
        if (order.livemode()) {
            for (Attempt attempt : attempts) {
                Instant started = attempt.started();
                for (FailedCall failed : attempt.failedCalls()) {
                    call(lines, failed.provider(), started, now);
                    started = failed.ended();
                }
                call(lines, attempt.provider(), started, now);
            }
        }
        return lines.toString();
    }

    private void call(StringJoiner lines, String provider, Instant started, Instant now) {
        limiter.ofProvider(provider).ifPresent(budget -> add(lines, budget, started, now));
    }

    private static void add(StringJoiner lines, Bucket bucket, Instant taken, Instant now) {
        // A slice more than the window: until then a token may be out.
        if (taken.plus(bucket.rate().window())
                .plus(bucket.rate().window().dividedBy(60))
                .isAfter(now)) {
            lines.add(bucket.key())
                    .add(Long.toString(bucket.rate().window().toMillis()))
                    .add("1")
                    .add(Long.toString(taken.toEpochMilli()));
        }
    }
}
