package ai.j1msky.worker.run;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentEvent.AgentCompleted;
import ai.j1msky.common.agent.AgentEvent.AgentFailed;
import ai.j1msky.common.agent.AgentEvent.Ending;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.pii.PiiFinder;
import ai.j1msky.common.seal.DataKey;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.seal.UnreadableException;
import ai.j1msky.worker.model.MeteredUsage;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.outbox.Outbox;
import ai.j1msky.worker.provider.Choice;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one attempt from its acknowledged start to the event that ends it. Blocking: one virtual thread each.
public final class AttemptRunner {

    private static final Logger log = LoggerFactory.getLogger(AttemptRunner.class);
    static final FailureReason INTERNAL =
            new FailureReason(
                    "worker_error",
                    "The worker failed where it should not. Spawn the agent again.");

    private final MasterKey masterKey;
    private final RunningAgents running;
    private final Outbox outbox;
    private final Calls calls;
    private final RunMetrics metrics;
    private final Clock clock;

    public AttemptRunner(
            MasterKey masterKey,
            RunningAgents running,
            Outbox outbox,
            Calls calls,
            RunMetrics metrics,
            Clock clock) {
        this.masterKey = masterKey;
        this.running = running;
        this.outbox = outbox;
        this.calls = calls;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// Returns when the attempt's end is decided and on its way to the log. Never throws.
    public void run(Run run) {
        AgentOrder order = run.order();
        log.atDebug()
                .addKeyValue("agentId", order.agentId())
                .addKeyValue("attempt", run.command().attempt())
                .log("attempt runs");
        try {
            Ending ending = outcome(run);
            if (run.settle()) {
                metrics.outcome(codeOf(ending));
                outbox.put(ending);
            }
        } finally {
            running.leave(run);
        }
    }

    private Ending outcome(Run run) {
        if (!(run.choice() instanceof Choice.Ready ready)) {
            return failed(run, ((Choice.Missing) run.choice()).reason());
        }
        if (run.stopped() != null) {
            ready.pass().unused();
            return run.cancelled(clock.instant());
        }
        try {
            DataKey key = masterKey.unwrap(run.key(), run.order().agentId());
            String task =
                    key.open(run.order().agentId(), SpawnCommand.TASK_FIELD, run.command().task());
            ModelAnswer answer = calls.answer(run, ready, task);
            metrics.tokens(run, answer.used().usage());
            return completed(run, answer, key);
        } catch (UnreadableException unreadable) {
            log.atError().addKeyValue("agentId", run.order().agentId()).log("task not readable");
            return failed(run, FailureReason.POISON);
        } catch (ModelFailure failure) {
            return failed(run, failure);
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError bug) {
            // The class alone: the message of a library may hold what the model was told.
            log.atError()
                    .addKeyValue("agentId", run.order().agentId())
                    .addKeyValue("cause", bug.getClass().getName())
                    .log("attempt broke");
            return failed(run, INTERNAL);
        } finally {
            run.leaveUnused();
        }
    }

    private Ending completed(Run run, ModelAnswer answer, DataKey key) {
        AgentOrder order = run.order();
        Charge charge = Charge.of(run.price(), answer.used(), order.hold());
        warnOf(charge.metering(), run);
        SealedText result =
                key.seal(order.agentId(), AgentEvent.RESULT_FIELD, Answers.toJson(answer));
        return new AgentCompleted(
                order.agentId(),
                order.accountId(),
                run.command().attempt(),
                run.worker(),
                answer.used().usage(),
                charge.metering(),
                charge.cost(),
                charge.metering() == Metering.CLAMPED,
                result,
                order.privacyOrStandard().detectPii() ? PiiFinder.count(answer.text()) : null,
                clock.instant());
    }

    private static void warnOf(Metering metering, Run run) {
        if (metering.isSuspect()) {
            log.atWarn()
                    .addKeyValue("agentId", run.order().agentId())
                    .addKeyValue("provider", run.choice().provider())
                    .addKeyValue("metering", metering.wireName())
                    .log("provider's token counts not usable as they are");
        }
    }

    private Ending failed(Run run, ModelFailure failure) {
        // Whatever a call says when its connection is closed on purpose: the purpose counts.
        if (run.stopped() == Run.Stop.CANCELLED) {
            return run.cancelled(clock.instant());
        }
        if (run.stopped() == Run.Stop.TIMED_OUT || failure.kind() == ModelFailure.Kind.TIMEOUT) {
            return failed(run, FailureReason.TIMEOUT);
        }
        String message = failure.getMessage();
        return failed(
                run, new FailureReason(failure.kind().code(), message == null ? "" : message));
    }

    private Ending failed(Run run, FailureReason reason) {
        // Its owner gets nothing of what may have been written, so it costs nothing.
        MeteredUsage used = run.used();
        return new AgentFailed(
                run.order().agentId(),
                run.order().accountId(),
                run.command().attempt(),
                run.worker(),
                reason,
                used.usage(),
                used.metering(),
                Money.ZERO,
                clock.instant());
    }

    private static String codeOf(Ending ending) {
        return switch (ending) {
            case AgentCompleted _, AgentEvent.TeamCompleted _ -> "completed";
            case AgentFailed failed -> failed.error().code();
            case AgentEvent.AgentCancelled _ -> "cancelled";
        };
    }
}
