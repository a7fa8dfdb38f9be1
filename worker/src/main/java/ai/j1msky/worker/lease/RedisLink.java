package ai.j1msky.worker.lease;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/// The one connection to Redis that all of a worker shares, made when it is first needed and mended by itself.
///
/// Commands of one connection run in the order in which they were sent, which [Claims] relies on. Thread-safe.
public final class RedisLink {

    private final LettuceConnectionFactory factory;
    private volatile @Nullable RedisClusterAsyncCommands<byte[], byte[]> commands;

    public RedisLink(LettuceConnectionFactory factory) {
        this.factory = factory;
    }

    /// @throws RedisConnectionFailureException when Redis has not been reached yet
    RedisClusterAsyncCommands<byte[], byte[]> commands() {
        RedisClusterAsyncCommands<byte[], byte[]> known = commands;
        return known != null ? known : connect();
    }

    @SuppressWarnings("unchecked") // LettuceConnection's native connection always has byte arrays
    private synchronized RedisClusterAsyncCommands<byte[], byte[]> connect() {
        RedisClusterAsyncCommands<byte[], byte[]> made = commands;
        if (made == null) {
            RedisConnection connection = factory.getConnection();
            made = (RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection();
            commands = made;
        }
        return made;
    }
}
