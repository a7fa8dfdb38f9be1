package ai.j1msky.worker.pull;

import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.worker.lease.Claim;
import ai.j1msky.worker.lease.Claims;
import ai.j1msky.worker.provider.CallBudget;
import ai.j1msky.worker.provider.Choice;
import ai.j1msky.worker.provider.ProviderTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;

/// Claims tasks in rounds, each for a provider that may be called. A queue may be ahead of the views, so an agent that
/// Redis does not know yet is asked for again, soon at first and then every tenth of a second; not one that is so old
/// that Redis knows it no more.
final class ClaimRounds {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(1);
    private static final long FIRST_PAUSE_MILLIS = 1;
    private static final long LONGEST_PAUSE_MILLIS = 100;

    private final Claims claims;
    private final ProviderTable providers;
    private final Redelivery redelivery;
    private final BooleanSupplier closing;

    /// A task that is ours to run.
    record Granted(Task task, Choice.Made choice, WrappedKey key) {}

    /// What to do with the tasks of a round.
    interface Next {
        void start(List<Granted> granted) throws InterruptedException;

        /// Each is blocked.
        void putOff(List<Task> blocked) throws InterruptedException;
    }

    private record Asked(Task task, Choice.Made choice, CompletableFuture<Claim> answer) {}

    /// @param closing whether the worker drains: nothing is asked for again then
    ClaimRounds(
            Claims claims,
            ProviderTable providers,
            Redelivery redelivery,
            BooleanSupplier closing) {
        this.claims = claims;
        this.providers = providers;
        this.redelivery = redelivery;
        this.closing = closing;
    }

    /// Passes the granted tasks of each round on at once. What stays undecided is given back.
    void claimAll(List<Task> tasks, Next next) throws InterruptedException {
        List<Task> open = List.copyOf(tasks);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long pause = FIRST_PAUSE_MILLIS;
        try {
            while (true) {
                List<Task> blocked = new ArrayList<>();
                List<Granted> granted = round(open, blocked);
                if (!granted.isEmpty()) {
                    next.start(granted);
                }
                if (!blocked.isEmpty()) {
                    next.putOff(blocked);
                }
                open = undecided(open, granted);
                if (open.isEmpty() || closing.getAsBoolean() || System.nanoTime() > deadline) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            }
        } finally {
            open.stream().filter(task -> !task.isDecided()).forEach(this::giveBack);
        }
    }

    void giveBack(Task task) {
        claims.giveBack(task.command());
    }

    private List<Granted> round(List<Task> tasks, List<Task> blocked) throws InterruptedException {
        List<Asked> asked = new ArrayList<>(tasks.size());
        for (Task task : tasks) {
            task.choose(providers)
                    .ifPresentOrElse(made -> asked.add(ask(task, made)), () -> blocked.add(task));
        }
        List<Granted> granted = new ArrayList<>(tasks.size());
        long deadline = System.nanoTime() + ANSWER_WITHIN.toNanos();
        for (Asked question : asked) {
            switch (answer(question, deadline)) {
                case Claim.Granted(WrappedKey key, long left) -> {
                    granted.add(new Granted(question.task(), question.choice(), key));
                    note(question.choice(), left);
                }
                case Claim.Spent(Duration delay) -> {
                    leave(question.choice());
                    question.task().spent(question.choice().provider(), delay);
                    note(question.choice(), 0);
                }
                case Claim.Ended _ -> {
                    leave(question.choice());
                    question.task().decide(AcknowledgeType.ACCEPT);
                }
                // Taken turns into ended when the other's start is in the view, or is given back.
                case Claim.Taken _ -> leave(question.choice());
                case Claim.Unknown _ -> {
                    leave(question.choice());
                    if (redelivery.isPast(question.task().command())) {
                        question.task().decide(AcknowledgeType.ACCEPT);
                    }
                }
            }
        }
        return granted;
    }

    private Asked ask(Task task, Choice.Made made) {
        CallBudget budget = made instanceof Choice.Ready ready ? ready.budget() : null;
        return new Asked(task, made, claims.claim(task.command(), budget));
    }

    private void note(Choice.Made made, long left) {
        if (made instanceof Choice.Ready ready && ready.budget() != null && left >= 0) {
            providers.budget(ready.provider(), ready.budget().limit(), left);
        }
    }

    private static void leave(Choice.Made made) {
        if (made instanceof Choice.Ready ready) {
            ready.pass().unused();
        }
    }

    private static Claim answer(Asked question, long deadline) throws InterruptedException {
        try {
            return question.answer()
                    .get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException noAnswer) {
            return new Claim.Unknown();
        }
    }

    private static List<Task> undecided(List<Task> tasks, List<Granted> granted) {
        List<Task> started = granted.stream().map(Granted::task).toList();
        return tasks.stream().filter(task -> !task.isDecided() && !started.contains(task)).toList();
    }
}
