package ai.j1msky.gateway.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// Runs the gateway's scripts. Never blocks.
public final class RedisLink {

    private final Supplier<StatefulRedisConnection<String, String>> connections;

    /// @param connections tells the one to be used, each time anew
    public RedisLink(Supplier<StatefulRedisConnection<String, String>> connections) {
        this.connections = connections;
    }

    /// Plain commands, for what needs no script.
    public RedisAsyncCommands<String, String> commands() {
        return connections.get().async();
    }

    /// Runs a script; its answer is a list. Fails with a [RedisException] when Redis does not answer in time.
    public CompletionStage<List<Object>> run(
            RedisScript script, String[] keys, String... arguments) {
        RedisAsyncCommands<String, String> redis = commands();
        return redis.<List<Object>>evalsha(script.digest(), ScriptOutputType.MULTI, keys, arguments)
                .exceptionallyCompose(
                        failure ->
                                cause(failure) instanceof RedisNoScriptException
                                        ? redis.eval(
                                                script.text(),
                                                ScriptOutputType.MULTI,
                                                keys,
                                                arguments)
                                        : java.util.concurrent.CompletableFuture.failedFuture(
                                                cause(failure)));
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }
}
