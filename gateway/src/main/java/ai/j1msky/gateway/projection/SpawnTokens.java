package ai.j1msky.gateway.projection;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.Outcome;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.config.ModelConfig;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.limit.Bucket;
import ai.j1msky.gateway.limit.Limiter;
import java.time.Instant;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// What a spawn took from the buckets of its key and its provider, so that a Redis that was flushed gets it back from
/// the log before it answers again.
final class SpawnTokens {

    /// The endpoint's name in the configuration of limits.
    private static final String SPAWN = "POST /spawn";

    private final AgencyConfig config;
    private final Limiter limiter;

    SpawnTokens(AgencyConfig config, Limiter limiter) {
        this.config = config;
        this.limiter = limiter;
    }

    /// As `apply.lua` takes it: key, window in milliseconds and how much, one per line; empty when all has returned.
    String of(AgentOrder order, @Nullable Outcome outcome, Instant now) {
        StringJoiner lines = new StringJoiner("\n");
        Bucket calls = limiter.ofKey(order.accountId(), order.keyId(), SPAWN);
        add(lines, calls, order, now);
        ModelConfig model = config.models().get(order.model());
        if (order.livemode() && model != null) {
            limiter.ofProvider(model.provider())
                    .ifPresent(budget -> add(lines, budget, order, now));
        }
        Money kept = outcome == null ? order.hold() : outcome.cost().atMost(order.hold());
        if (kept.micros() > 0 && order.created().plus(Limiter.HOUR).isAfter(now)) {
            lines.add(RedisKeys.holds(order.accountId(), order.keyId()))
                    .add(Long.toString(Limiter.HOUR.toMillis()))
                    .add(Long.toString(kept.micros()));
        }
        return lines.toString();
    }

    private static void add(StringJoiner lines, Bucket bucket, AgentOrder order, Instant now) {
        // A slice more than the window: until then a token may be out.
        if (order.created()
                .plus(bucket.rate().window())
                .plus(bucket.rate().window().dividedBy(60))
                .isAfter(now)) {
            lines.add(bucket.key()).add(Long.toString(bucket.rate().window().toMillis())).add("1");
        }
    }
}
