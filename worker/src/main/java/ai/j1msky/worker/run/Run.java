package ai.j1msky.worker.run;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.worker.model.CallProgress;
import ai.j1msky.worker.model.MeteredUsage;
import ai.j1msky.worker.provider.Choice;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One attempt that this worker runs, from before its start is on the log until its end is decided.
///
/// Whoever settles it first (its runner, or someone who stopped it) says how it ends; the others say nothing.
public final class Run implements CallProgress {

    private static final Logger log = LoggerFactory.getLogger(Run.class);

    /// Why a call was stopped from outside.
    enum Stop {
        /// The owner wants it.
        CANCELLED,
        /// Its time is over.
        TIMED_OUT,
        /// It is no longer ours, or its end is on the log already.
        ABANDONED
    }

    private final SpawnCommand command;
    private final WrappedKey key;
    private final WorkerId worker;
    private final Instant started;
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile Choice.Made choice;
    private volatile MeteredUsage used = MeteredUsage.NONE;
    private volatile boolean confirmed;

    private @Nullable Runnable stopper; // guarded by this
    private volatile @Nullable Stop stop; // written under this

    /// @param started when this worker began it
    public Run(
            SpawnCommand command,
            WrappedKey key,
            Choice.Made choice,
            WorkerId worker,
            Instant started) {
        this.command = command;
        this.key = key;
        this.choice = choice;
        this.worker = worker;
        this.started = started;
    }

    public SpawnCommand command() {
        return command;
    }

    public AgentOrder order() {
        return command.order();
    }

    /// Who runs its newest call.
    public Choice.Made choice() {
        return choice;
    }

    /// Gives the place of a call back that will not be made.
    public void leaveUnused() {
        if (choice instanceof Choice.Ready ready) {
            ready.pass().unused();
        }
    }

    /// Its call failed, and another one begins: what the failed one used is the house's cost.
    void moveTo(Choice.Ready next) {
        used = MeteredUsage.NONE;
        choice = next;
    }

    /// What the log must have acknowledged before the model may be called.
    public AgentEvent.AttemptStarted start() {
        return new AgentEvent.AttemptStarted(
                order().agentId(),
                order().accountId(),
                command.attempt(),
                worker,
                choice.alias(),
                choice.provider(),
                choice.otherPrice(),
                started);
    }

    /// Hands the attempt back, so that another worker runs the next one.
    public AgentEvent.AttemptLost lost(Instant at) {
        return new AgentEvent.AttemptLost(
                order().agentId(), order().accountId(), command.attempt(), worker, at);
    }

    AgentEvent.AgentCancelled cancelled(Instant at) {
        MeteredUsage last = used;
        Charge charge = Charge.of(price(), last, order().hold());
        return new AgentEvent.AgentCancelled(
                order().agentId(),
                order().accountId(),
                command.attempt(),
                worker,
                last.usage(),
                charge.metering(),
                charge.cost(),
                at);
    }

    /// What its newest call is charged at.
    Price price() {
        return choice instanceof Choice.Ready ready ? ready.price() : Price.FREE;
    }

    WrappedKey key() {
        return key;
    }

    WorkerId worker() {
        return worker;
    }

    MeteredUsage used() {
        return used;
    }

    @Nullable Stop stopped() {
        return stop;
    }

    /// Claims the right to say how it ends; true for the first caller only.
    boolean settle() {
        return settled.compareAndSet(false, true);
    }

    /// Its start was read back from the log: the log knows it as the running attempt.
    void confirm() {
        confirmed = true;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    /// Ends the call; the first reason counts. Never waits.
    void stop(Stop why) {
        Runnable hook;
        synchronized (this) {
            if (stop != null) {
                return;
            }
            stop = why;
            hook = stopper;
        }
        if (hook != null) {
            // Closing a connection may wait; whoever stops must not.
            Thread.ofVirtual().start(() -> close(hook));
        }
    }

    @Override
    public void onStop(Runnable hook) {
        boolean stopNow;
        synchronized (this) {
            stopper = hook;
            stopNow = stop != null;
        }
        if (stopNow) {
            close(hook);
        }
    }

    @Override
    public void usage(MeteredUsage soFar) {
        used = soFar;
    }

    private void close(Runnable hook) {
        try {
            hook.run();
        } catch (RuntimeException failed) {
            log.atWarn()
                    .addKeyValue("agentId", order().agentId())
                    .addKeyValue("cause", failed.getClass().getSimpleName())
                    .log("call did not stop cleanly");
        }
    }
}
