package ai.j1msky.worker.pull;

import ai.j1msky.worker.lease.Claim;
import ai.j1msky.worker.lease.Claims;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;

/// Claims tasks in rounds. A queue may be ahead of the views, so an agent that Redis does not know yet is asked for
/// again, soon at first and then every tenth of a second.
final class ClaimRounds {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(1);
    private static final long FIRST_PAUSE_MILLIS = 1;
    private static final long LONGEST_PAUSE_MILLIS = 100;

    private final Claims claims;
    private final BooleanSupplier closing;

    /// A task that is ours to run.
    record Granted(Task task, Claim.Granted claim) {}

    /// What to do with the granted tasks of a round.
    interface Next {
        void start(List<Granted> granted) throws InterruptedException;
    }

    private record Asked(Task task, CompletableFuture<Claim> answer) {}

    /// @param closing whether the worker drains: nothing is asked for again then
    ClaimRounds(Claims claims, BooleanSupplier closing) {
        this.claims = claims;
        this.closing = closing;
    }

    /// Passes the granted tasks of each round on at once. What stays undecided is given back.
    void claimAll(List<Task> tasks, Next next) throws InterruptedException {
        List<Task> open = List.copyOf(tasks);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long pause = FIRST_PAUSE_MILLIS;
        try {
            while (true) {
                List<Granted> granted = round(open);
                if (!granted.isEmpty()) {
                    next.start(granted);
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

    private List<Granted> round(List<Task> tasks) throws InterruptedException {
        List<Asked> asked = new ArrayList<>(tasks.size());
        for (Task task : tasks) {
            asked.add(new Asked(task, claims.claim(task.command())));
        }
        List<Granted> granted = new ArrayList<>(tasks.size());
        long deadline = System.nanoTime() + ANSWER_WITHIN.toNanos();
        for (Asked question : asked) {
            switch (answer(question, deadline)) {
                case Claim.Granted claim -> granted.add(new Granted(question.task(), claim));
                case Claim.Ended _ -> question.task().decide(AcknowledgeType.ACCEPT);
                // Taken turns into ended when the other's start is in the view, or is given back.
                case Claim.Taken _, Claim.Unknown _ -> {}
            }
        }
        return granted;
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
