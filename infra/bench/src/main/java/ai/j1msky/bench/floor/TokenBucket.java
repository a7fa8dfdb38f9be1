package ai.j1msky.bench.floor;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.concurrent.CompletionStage;

/// A token bucket in Redis: one EVALSHA per question, on Redis's clock. Its limit is never reached in a bench.
final class TokenBucket implements AutoCloseable {

    private static final String SCRIPT =
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local capacity = tonumber(ARGV[1])
            local per_millisecond = tonumber(ARGV[2])
            local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
            local tokens = tonumber(bucket[1]) or capacity
            local at = tonumber(bucket[2]) or now
            tokens = math.min(capacity, tokens + (now - at) * per_millisecond)
            local allowed = 0
            if tokens >= 1 then
              tokens = tokens - 1
              allowed = 1
            end
            redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
            redis.call('PEXPIRE', KEYS[1], 3600000)
            return allowed
            """;
    private static final String[] KEYS = {"floor:bucket"};
    private static final String CAPACITY = "1000000000";
    private static final String PER_MILLISECOND = "1000000";

    private final StatefulRedisConnection<String, String> connection;
    private final RedisAsyncCommands<String, String> commands;
    private final String digest;

    TokenBucket(RedisClient redis) {
        connection = redis.connect();
        commands = connection.async();
        digest = connection.sync().scriptLoad(SCRIPT);
    }

    /// Takes a token; completes with 1 when there was one, else with 0.
    CompletionStage<Long> take() {
        return commands.evalsha(digest, ScriptOutputType.INTEGER, KEYS, CAPACITY, PER_MILLISECOND);
    }

    @Override
    public void close() {
        connection.close();
    }
}
