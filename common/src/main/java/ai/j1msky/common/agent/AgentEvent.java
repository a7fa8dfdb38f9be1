package ai.j1msky.common.agent;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.pii.PiiCounts;
import ai.j1msky.common.seal.SealedText;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that happened to an agent. All events of one agent share its id as key, so one partition orders them,
/// and that order decides every race: see [AgentLife].
public sealed interface AgentEvent extends LogEntry {

    /// Name of the field under which results are sealed.
    String RESULT_FIELD = "result";

    AgentId agentId();

    AccountId accountId();

    @Override
    default String logKey() {
        return agentId().value();
    }

    /// A worker is about to call a model. Acknowledged before the call, so a crash in between counts as an attempt.
    ///
    /// @param model the alias that runs: the order's, or one of those it falls back to
    /// @param provider who runs it
    /// @param price what it is charged at; null for the order's own price
    record AttemptStarted(
            AgentId agentId,
            AccountId accountId,
            int attempt,
            WorkerId workerId,
            String model,
            String provider,
            @Nullable Price price,
            Instant at)
            implements AgentEvent {
        public AttemptStarted {
            requireNonNull(agentId, "agent_id");
            requireNonNull(accountId, "account_id");
            requireNonNull(workerId, "worker_id");
            requireNonNull(model, "model");
            requireNonNull(provider, "provider");
            requireNonNull(at, "at");
        }

        @Override
        public String logId() {
            return agentId + "/started/" + attempt + "/" + workerId;
        }
    }

    /// A model call of the running attempt gave no answer, and another one is about to be made. Acknowledged before that
    /// call.
    ///
    /// @param call which call of the attempt failed, 1 for its first
    /// @param code why, a `provider_` word
    /// @param nextModel the alias that is called next
    /// @param nextProvider who runs it
    /// @param nextPrice what it is charged at; null for the order's own price
    record CallFailed(
            AgentId agentId,
            AccountId accountId,
            int attempt,
            WorkerId workerId,
            int call,
            String code,
            String nextModel,
            String nextProvider,
            @Nullable Price nextPrice,
            Instant at)
            implements AgentEvent {
        public CallFailed {
            requireNonNull(agentId, "agent_id");
            requireNonNull(accountId, "account_id");
            requireNonNull(workerId, "worker_id");
            requireNonNull(code, "code");
            requireNonNull(nextModel, "next_model");
            requireNonNull(nextProvider, "next_provider");
            requireNonNull(at, "at");
        }

        @Override
        public String logId() {
            return agentId + "/call-failed/" + attempt + "/" + call;
        }
    }

    /// An attempt whose turn has come cannot start now; its command is sent again after a while.
    ///
    /// @param attempt which one it would have been
    /// @param workerId who says so
    record AttemptDeferred(
            AgentId agentId,
            AccountId accountId,
            int attempt,
            WorkerId workerId,
            Deferral.Reason blockedBy,
            long waitMillis,
            Instant at)
            implements AgentEvent {
        public AttemptDeferred {
            requireNonNull(agentId, "agent_id");
            requireNonNull(accountId, "account_id");
            requireNonNull(workerId, "worker_id");
            requireNonNull(blockedBy, "blocked_by");
            requireNonNull(at, "at");
            if (waitMillis < 0) {
                throw new IllegalArgumentException("wait_millis is negative");
            }
        }

        @Override
        public String logId() {
            return agentId + "/deferred/" + attempt + "/" + at;
        }
    }

    /// The worker of an attempt is gone, or handed the attempt back.
    record AttemptLost(
            AgentId agentId, AccountId accountId, int attempt, WorkerId workerId, Instant at)
            implements AgentEvent {
        public AttemptLost {
            requireNonNull(agentId, "agent_id");
            requireNonNull(accountId, "account_id");
            requireNonNull(workerId, "worker_id");
            requireNonNull(at, "at");
        }

        @Override
        public String logId() {
            return agentId + "/lost/" + attempt;
        }
    }

    /// The first step of a team runs.
    record TeamStarted(AgentId agentId, AccountId accountId, Instant at) implements AgentEvent {
        public TeamStarted {
            requireNonNull(agentId, "agent_id");
            requireNonNull(accountId, "account_id");
            requireNonNull(at, "at");
        }

        @Override
        public String logId() {
            return agentId + "/team-started";
        }
    }

    /// The owner wants the agent stopped.
    ///
    /// @param team true when it is a team, which ends only when all its steps have; null for any other agent
    record CancelRequested(AgentId agentId, AccountId accountId, @Nullable Boolean team, Instant at)
            implements AgentEvent {
        public CancelRequested {
            requireNonNull(agentId, "agent_id");
            requireNonNull(accountId, "account_id");
            requireNonNull(at, "at");
        }

        /// Of an agent that is no team.
        public CancelRequested(AgentId agentId, AccountId accountId, Instant at) {
            this(agentId, accountId, null, at);
        }

        boolean isOfATeam() {
            return Boolean.TRUE.equals(team);
        }

        @Override
        public String logId() {
            return agentId + "/cancel-requested";
        }
    }

    /// An event that ends the agent, when the log's order lets it.
    sealed interface Ending extends AgentEvent {

        /// The attempt it ends; 0 when nobody's: the queue expired, the deadline passed, a cancel went unanswered.
        int attempt();

        @Nullable WorkerId workerId();

        Usage usage();

        /// How the usage became known; on records from before this was told, as the provider reported it.
        Metering metering();

        Money cost();

        /// What was found in the result; null when there is none, or nobody looked.
        default @Nullable PiiCounts pii() {
            return null;
        }
    }

    /// The model answered.
    ///
    /// @param cost what the usage costs, never more than the hold
    /// @param costClamped the metering says `clamped`; for readers that do not know it
    /// @param result sealed [AgentResult]
    /// @param pii personal data that were found in the result; null when nobody looked
    record AgentCompleted(
            AgentId agentId,
            AccountId accountId,
            int attempt,
            WorkerId workerId,
            Usage usage,
            Metering metering,
            Money cost,
            boolean costClamped,
            SealedText result,
            @Nullable PiiCounts pii,
            Instant at)
            implements Ending {
        public AgentCompleted {
            requireNonNull(agentId, "agent_id");
            requireNonNull(accountId, "account_id");
            requireNonNull(workerId, "worker_id");
            requireNonNull(usage, "usage");
            metering =
                    metering != null
                            ? metering
                            : costClamped ? Metering.CLAMPED : Metering.REPORTED;
            requireNonNull(cost, "cost");
            requireNonNull(result, "result");
            requireNonNull(at, "at");
        }

        @Override
        public String logId() {
            return agentId + "/completed/" + attempt;
        }
    }

    /// A team's lead merged.
    ///
    /// @param usage what all its steps used
    /// @param metering the least certain of theirs
    /// @param cost what they cost together
    /// @param result the merge's, sealed for the team
    /// @param pii personal data that were found in it; null when nobody looked
    record TeamCompleted(
            AgentId agentId,
            AccountId accountId,
            Usage usage,
            Metering metering,
            Money cost,
            SealedText result,
            @Nullable PiiCounts pii,
            Instant at)
            implements Ending {
        public TeamCompleted {
            requireNonNull(agentId, "agent_id");
            requireNonNull(accountId, "account_id");
            requireNonNull(usage, "usage");
            metering = metering != null ? metering : Metering.REPORTED;
            requireNonNull(cost, "cost");
            requireNonNull(result, "result");
            requireNonNull(at, "at");
        }

        @Override
        public int attempt() {
            return 0;
        }

        @Override
        public @Nullable WorkerId workerId() {
            return null;
        }

        @Override
        public String logId() {
            return agentId + "/team-completed";
        }
    }

    /// The agent ends without a result.
    record AgentFailed(
            AgentId agentId,
            AccountId accountId,
            int attempt,
            @Nullable WorkerId workerId,
            FailureReason error,
            Usage usage,
            Metering metering,
            Money cost,
            Instant at)
            implements Ending {
        public AgentFailed {
            requireNonNull(agentId, "agent_id");
            requireNonNull(accountId, "account_id");
            requireNonNull(error, "error");
            requireNonNull(usage, "usage");
            metering = metering != null ? metering : Metering.REPORTED;
            requireNonNull(cost, "cost");
            requireNonNull(at, "at");
        }

        @Override
        public String logId() {
            return agentId + "/failed/" + attempt + "/" + error.code();
        }
    }

    /// The running call was stopped on the owner's request.
    ///
    /// @param cost what the stopped call had used
    record AgentCancelled(
            AgentId agentId,
            AccountId accountId,
            int attempt,
            @Nullable WorkerId workerId,
            Usage usage,
            Metering metering,
            Money cost,
            Instant at)
            implements Ending {
        public AgentCancelled {
            requireNonNull(agentId, "agent_id");
            requireNonNull(accountId, "account_id");
            requireNonNull(usage, "usage");
            metering = metering != null ? metering : Metering.REPORTED;
            requireNonNull(cost, "cost");
            requireNonNull(at, "at");
        }

        @Override
        public String logId() {
            return agentId + "/cancelled/" + attempt;
        }
    }
}
