package ai.j1msky.worker.lease;

import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.view.RedisKeys;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.dao.DataAccessException;

/// Claims attempts for one worker, so that a record that is delivered twice runs once. Claiming again what is this
/// worker's already is granted again. Thread-safe; never waits for Redis.
public final class Claims {

    private static final Script CLAIM = Script.named("/redis/claim.lua");
    private static final Script UNCLAIM = Script.named("/redis/unclaim.lua");
    private static final int MOST_UNRETURNED = 10_000;

    private final RedisLink redis;
    private final WorkerId worker;
    private final Queue<SpawnCommand> unreturned = new ConcurrentLinkedQueue<>();

    public Claims(RedisLink redis, WorkerId worker) {
        this.redis = redis;
        this.worker = worker;
    }

    /// The future fails when Redis does not answer; the claim may be made all the same then.
    public CompletableFuture<Claim> claim(SpawnCommand command) {
        return run(CLAIM, command, RedisKeys.LEASES).thenApply(Claims::read);
    }

    /// Gives an attempt back that will not run here, so that others need not wait for it. Runs after every claim sent
    /// before; while Redis does not answer, [#returnAgain] repeats it.
    public void giveBack(SpawnCommand command) {
        // Nobody waits for it: what fails is repeated.
        CompletableFuture<List<String>> _ =
                run(UNCLAIM, command)
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
            Script script, SpawnCommand command, String... more) {
        String view = RedisKeys.agent(command.order().accountId(), command.order().agentId());
        String attempt = Integer.toString(command.attempt());
        try {
            return more.length == 0
                    ? script.run(redis.commands(), view, attempt, worker.value())
                    : script.run(redis.commands(), view, attempt, worker.value(), more[0]);
        } catch (DataAccessException unreachable) {
            return CompletableFuture.failedFuture(unreachable);
        }
    }

    private static Claim read(List<String> answer) {
        return switch (answer.getFirst()) {
            case "granted" -> new Claim.Granted(new WrappedKey(answer.getLast()));
            case "taken" -> new Claim.Taken();
            case "ended" -> new Claim.Ended();
            default -> new Claim.Unknown();
        };
    }
}
