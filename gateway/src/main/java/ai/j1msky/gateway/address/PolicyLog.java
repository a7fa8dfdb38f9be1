package ai.j1msky.gateway.address;

import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.network.Network;
import ai.j1msky.common.policy.IpBlock;
import ai.j1msky.common.policy.Policy;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.request.ReadBack;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/// Writes policies. Done is a change when this gateway has read it back, so the next request sees it.
public final class PolicyLog {

    /// How long a block stays on the log after its end. Longer than any gateway is behind: the deletion of an old block
    /// must not meet a new one of the same address that another gateway has just written.
    private static final Duration KEPT = Duration.ofDays(1);

    private final LogWriter log;
    private final AddressRules rules;
    private final Clock clock;
    private final EntryCodec<Policy> codec = new EntryCodec<>(Topics.POLICIES);

    public PolicyLog(LogWriter log, AddressRules rules, Clock clock) {
        this.log = log;
        this.rules = rules;
        this.clock = clock;
    }

    Mono<Void> write(Policy policy) {
        return readBack(
                () -> {
                    clearAway();
                    return log.append(codec, policy);
                });
    }

    Mono<Void> unblock(Network network) {
        return readBack(() -> log.delete(codec, IpBlock.keyOf(network)));
    }

    private Mono<Void> readBack(Supplier<CompletableFuture<Position>> sending) {
        return ReadBack.of(sending, rules::reached, Problem.POLICY_OUTCOME_UNKNOWN);
    }

    /// Nobody waits for it: what fails is tried again with the next change.
    private void clearAway() {
        Instant longAgo = clock.instant().minus(KEPT);
        for (IpBlock block : rules.blocks()) {
            if (!block.isActiveAt(longAgo)) {
                CompletableFuture<Position> _ = log.delete(codec, block.logKey());
            }
        }
    }
}
