package ai.j1msky.worker.run;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.worker.lease.Claims;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelCall;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.provider.CallBudget;
import ai.j1msky.worker.provider.Choice;
import ai.j1msky.worker.provider.ProviderTable;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the calls of an attempt, one after another, until one is answered or [Retries] gives up. Each but the first is
/// on the log before it is made, and has taken a call of its provider's hour.
public final class Calls {

    private static final Logger log = LoggerFactory.getLogger(Calls.class);
    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(1);
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(7);

    private final ProviderTable providers;
    private final Claims claims;
    private final LogWriter writer;
    private final BooleanSupplier alive;
    private final CallGuard guard;
    private final RunMetrics metrics;
    private final Clock clock;
    private final EntryCodec<AgentEvent> codec = new EntryCodec<>(Topics.AGENT_EVENTS);

    /// @param alive whether others still take this worker to live: no further call is made otherwise
    public Calls(
            ProviderTable providers,
            Claims claims,
            LogWriter writer,
            BooleanSupplier alive,
            CallGuard guard,
            RunMetrics metrics,
            Clock clock) {
        this.providers = providers;
        this.claims = claims;
        this.writer = writer;
        this.alive = alive;
        this.guard = guard;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// What an attempt has tried so far.
    private static final class Tried {
        private final Set<String> providers = new HashSet<>();
        private int calls = 1;
        private int callsHere = 1;
    }

    /// @throws ModelFailure when no call was answered: the failure of the last one that was made
    ModelAnswer answer(Run run, Choice.Ready first, String task) throws ModelFailure {
        Duration timeout = Duration.ofSeconds(run.order().timeoutSeconds());
        long end = System.nanoTime() + timeout.toNanos();
        Tried tried = new Tried();
        Choice.Ready choice = first;
        try (CallGuard.Watch _ = guard.watch(run, timeout)) {
            while (true) {
                try {
                    return call(run, choice, task, Duration.ofNanos(end - System.nanoTime()));
                } catch (ModelFailure failure) {
                    choice = next(run, choice, task, failure, tried, end);
                    run.moveTo(choice);
                }
            }
        }
    }

    private ModelAnswer call(Run run, Choice.Ready choice, String task, Duration timeout)
            throws ModelFailure {
        ModelCall call = new ModelCall(choice.model(), task, choice.maxOutputTokens(), timeout);
        long begun = System.nanoTime();
        String code = "error";
        try {
            ModelAnswer answer = choice.caller().call(call, run);
            code = "ok";
            choice.pass().succeeded();
            return answer;
        } catch (ModelFailure failure) {
            code = failure.kind().code();
            choice.pass().failed(failure);
            throw failure;
        } finally {
            choice.pass().unused();
            metrics.call(run, Duration.ofNanos(System.nanoTime() - begun), code);
        }
    }

    /// Who is called next, ready to be called.
    private Choice.Ready next(
            Run run, Choice.Ready failed, String task, ModelFailure failure, Tried tried, long end)
            throws ModelFailure {
        if (!run.order().livemode()) {
            throw failure;
        }
        Duration left = Duration.ofNanos(end - System.nanoTime());
        Choice.Ready next =
                switch (Retries.after(
                        failure, tried.callsHere, tried.calls, left, ThreadLocalRandom.current())) {
                    case Retries.Next.Final() -> null;
                    case Retries.Next.Again(Duration pause) -> {
                        if (pause(run, pause)) {
                            throw failure;
                        }
                        yield enter(run, task, tried);
                    }
                    case Retries.Next.Elsewhere() -> {
                        tried.providers.add(failed.provider());
                        yield enter(run, task, tried);
                    }
                };
        if (next == null) {
            throw failure;
        }
        if (!tell(run, next, failure, tried.calls)) {
            next.pass().unused();
            throw failure;
        }
        tried.calls++;
        tried.callsHere = next.provider().equals(failed.provider()) ? tried.callsHere + 1 : 1;
        return next;
    }

    /// The first in the chain that may be called and has a call left, or null.
    private Choice.@Nullable Ready enter(Run run, String task, Tried tried) {
        long bytes = task.getBytes(StandardCharsets.UTF_8).length;
        while (run.stopped() == null
                && alive.getAsBoolean()
                && providers.choose(run.order(), bytes, tried.providers).orElse(null)
                        instanceof Choice.Ready ready) {
            if (take(ready)) {
                return ready;
            }
            ready.pass().unused();
            tried.providers.add(ready.provider());
        }
        return null;
    }

    /// Closed without Redis: nobody knows then how many calls are left.
    private boolean take(Choice.Ready ready) {
        CallBudget budget = ready.budget();
        if (budget == null) {
            return true;
        }
        try {
            return claims.take(budget).get(TAKEN_WITHIN.toMillis(), TimeUnit.MILLISECONDS).isZero();
        } catch (ExecutionException | TimeoutException away) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Puts the failed call and the next one on the log.
    private boolean tell(Run run, Choice.Ready next, ModelFailure failure, int call) {
        AgentEvent.CallFailed event =
                new AgentEvent.CallFailed(
                        run.order().agentId(),
                        run.order().accountId(),
                        run.command().attempt(),
                        run.worker(),
                        call,
                        failure.kind().code(),
                        next.alias(),
                        next.provider(),
                        next.otherPrice(),
                        clock.instant());
        log.atInfo()
                .addKeyValue("agentId", run.order().agentId())
                .addKeyValue("code", failure.kind().code())
                .addKeyValue("provider", run.choice().provider())
                .addKeyValue("nextModel", next.alias())
                .addKeyValue("nextProvider", next.provider())
                .log("call failed, another follows");
        try {
            writer.append(codec, event).get(TOLD_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            return run.stopped() == null && alive.getAsBoolean();
        } catch (ExecutionException | TimeoutException away) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Whether the run was stopped meanwhile.
    private static boolean pause(Run run, Duration pause) {
        CountDownLatch stop = new CountDownLatch(1);
        run.onStop(stop::countDown);
        try {
            return stop.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
