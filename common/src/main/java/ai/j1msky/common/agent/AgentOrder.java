package ai.j1msky.common.agent;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Everything a client asked for, except the text of the task, which travels sealed beside it.
///
/// @param agentId the agent
/// @param accountId who pays and who may see it
/// @param keyId the API key that asked
/// @param livemode false for `dev_sk_` keys, which run on the sandbox
/// @param model the model's alias, for example `k2p5`
/// @param priority which queue it waits in
/// @param timeoutSeconds how long it may run, counted from its start
/// @param hold the most it can cost, set aside until it ends
/// @param price what `model` cost when the order was made, which is what it is charged at; null on records from before
///     prices travelled
/// @param created when the gateway accepted it
/// @param idempotency the client's `Idempotency-Key`, hashed, or null when it sent none
/// @param team who works for it when it is a team, which nobody runs itself; null for any other agent
/// @param memberOf the team that it works for, or null
/// @param privacy what is to happen with its texts; null when nothing was said
public record AgentOrder(
        AgentId agentId,
        AccountId accountId,
        KeyId keyId,
        boolean livemode,
        String model,
        Priority priority,
        int timeoutSeconds,
        Money hold,
        @Nullable Price price,
        Instant created,
        @Nullable IdempotencyMark idempotency,
        @Nullable TeamPlan team,
        @Nullable AgentId memberOf,
        @Nullable Privacy privacy) {

    /// No agent can cost more, whatever is configured. A forged one must not make sums overflow: who adds up would stop at
    /// its record for good.
    public static final Money LARGEST_HOLD = Money.micros(10_000_000_000_000L);

    /// An agent on its own.
    public AgentOrder(
            AgentId agentId,
            AccountId accountId,
            KeyId keyId,
            boolean livemode,
            String model,
            Priority priority,
            int timeoutSeconds,
            Money hold,
            @Nullable Price price,
            Instant created,
            @Nullable IdempotencyMark idempotency) {
        this(
                agentId,
                accountId,
                keyId,
                livemode,
                model,
                priority,
                timeoutSeconds,
                hold,
                price,
                created,
                idempotency,
                null,
                null,
                null);
    }

    public AgentOrder {
        requireNonNull(agentId, "agent_id");
        requireNonNull(accountId, "account_id");
        requireNonNull(keyId, "key_id");
        requireNonNull(model, "model");
        requireNonNull(priority, "priority");
        requireNonNull(hold, "hold");
        requireNonNull(created, "created");
        if (hold.compareTo(LARGEST_HOLD) > 0) {
            throw new IllegalArgumentException("hold is more than any agent can cost");
        }
        if (timeoutSeconds < 1) {
            throw new IllegalArgumentException("timeout_seconds is less than 1");
        }
    }

    /// What is to happen with its texts.
    public Privacy privacyOrStandard() {
        return privacy == null ? Privacy.STANDARD : privacy;
    }

    /// When it can be read no longer and its texts are to be forgotten.
    ///
    /// @param standard how long any other agent can be read
    public Instant readableUntil(Duration standard) {
        return created.plus(privacyOrStandard().kept(standard));
    }

    /// The same, with what is to happen with its texts.
    public AgentOrder withPrivacy(@Nullable Privacy wanted) {
        return new AgentOrder(
                agentId,
                accountId,
                keyId,
                livemode,
                model,
                priority,
                timeoutSeconds,
                hold,
                price,
                created,
                idempotency,
                team,
                memberOf,
                wanted);
    }

    /// The same under another id.
    public AgentOrder withId(AgentId id) {
        return new AgentOrder(
                id,
                accountId,
                keyId,
                livemode,
                model,
                priority,
                timeoutSeconds,
                hold,
                price,
                created,
                idempotency,
                team,
                memberOf,
                privacy);
    }

    /// The order of one of this team's agents.
    public AgentOrder of(TeamPlan.Step step) {
        return new AgentOrder(
                step.agentId(),
                accountId,
                keyId,
                livemode,
                step.model(),
                priority,
                timeoutSeconds,
                step.hold(),
                step.price(),
                created,
                null,
                null,
                agentId,
                privacy == null ? null : privacy.finding(null));
    }
}
