package ai.j1msky.worker.lease;

import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.worker.provider.CallBudget;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/// Claims attempts for one worker, so that a record that is delivered twice runs once. Claiming again what is this
/// worker's already is granted again. Thread-safe; never waits for Redis.
public final class Claims {

    private static final Script CLAIM = Script.named("/redis/buckets.lua", "/redis/claim.lua");
    private static final Script UNCLAIM = Script.named("/redis/unclaim.lua");
    private static final Script TAKE = Script.named("/redis/buckets.lua", "/redis/take.lua");
    private static final String WINDOW = Long.toString(CallBudget.WINDOW.toMillis());
    private static final int MOST_UNRETURNED = 10_000;

    private final RedisLink redis;
    private final WorkerId worker;
    private final Queue<SpawnCommand> unreturned = new ConcurrentLinkedQueue<>();

    public Claims(RedisLink redis, WorkerId worker) {
        this.redis = redis;
        this.worker = worker;
    }

    /// The future fails when Redis does not answer; the claim may be made all the same then.
    ///
    /// @param budget of whose calls the first of the attempt is one; null when nobody counts
    public CompletableFuture<Claim> claim(SpawnCommand command, @Nullable CallBudget budget) {
        return run(
                        CLAIM,
                        List.of(view(command), keyOf(budget)),
                        Integer.toString(command.attempt()),
                        worker.value(),
                        RedisKeys.LEASES,
                        limitOf(budget),
                        WINDOW)
                .thenApply(Claims::read);
    }

    /// Takes one more call of an hour.
    ///
    /// @return how long to wait when there is none; zero when it was taken
    public CompletableFuture<Duration> take(CallBudget budget) {
        return run(TAKE, List.of(budget.key()), limitOf(budget), WINDOW)
                .thenApply(answer -> Duration.ofMillis(Long.parseLong(answer.getFirst())));
    }

    /// Gives an attempt back that will not run here, so that others need not wait for it. Runs after every claim sent
    /// before; while Redis does not answer, [#returnAgain] repeats it.
    public void giveBack(SpawnCommand command) {
        // Nobody waits for it: what fails is repeated.
        CompletableFuture<List<String>> _ =
                run(
                                UNCLAIM,
                                List.of(view(command)),
                                Integer.toString(command.attempt()),
                                worker.value())
                        .whenComplete(
                                (_, failure) -> {
                                    if (failure != null && unreturned.size() < MOST_UNRETURNED) {
                                        unreturned.add(command);
                                    }
                                });
    }

    void returnAgain() {
        for (int left = unreturned.size(); left > 0; left--) {
            SpawnCommand command = unreturned.poll();
            if (command != null) {
                giveBack(command);
            }
        }
    }

    private CompletableFuture<List<String>> run(
            Script script, List<String> keys, String... arguments) {
        try {
            return script.run(redis.commands(), keys, arguments);
        } catch (DataAccessException unreachable) {
            return CompletableFuture.failedFuture(unreachable);
        }
    }

    private static String view(SpawnCommand command) {
        return RedisKeys.agent(command.order().accountId(), command.order().agentId());
    }

    private static String keyOf(@Nullable CallBudget budget) {
        return budget == null ? "j1:none" : budget.key();
    }

    private static String limitOf(@Nullable CallBudget budget) {
        return budget == null ? "0" : Integer.toString(budget.limit());
    }

    private static Claim read(List<String> answer) {
        return switch (answer.getFirst()) {
            case "granted" ->
                    new Claim.Granted(new WrappedKey(answer.get(1)), Long.parseLong(answer.get(2)));
            case "spent" -> new Claim.Spent(Duration.ofMillis(Long.parseLong(answer.get(2))));
            case "taken" -> new Claim.Taken();
            case "ended" -> new Claim.Ended();
            default -> new Claim.Unknown();
        };
    }
}
