package ai.j1msky.common.agent;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.pii.PiiCounts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How an agent ended. Once there, it never changes.
///
/// @param status completed, failed or cancelled
/// @param error why, when it failed
/// @param usage tokens of the attempt that ended it
/// @param metering how that became known
/// @param cost what its owner is charged
/// @param pii personal data that were found in its result; null when there is none, or nobody looked
/// @param at when; never before the agent started
public record Outcome(
        AgentStatus status,
        @Nullable FailureReason error,
        Usage usage,
        Metering metering,
        Money cost,
        @Nullable PiiCounts pii,
        Instant at) {

    public Outcome {
        requireNonNull(status, "status");
        requireNonNull(usage, "usage");
        metering = metering != null ? metering : Metering.REPORTED;
        requireNonNull(cost, "cost");
        requireNonNull(at, "at");
        if (!status.isTerminal()) {
            throw new IllegalArgumentException(status + " is not an end");
        }
    }
}
