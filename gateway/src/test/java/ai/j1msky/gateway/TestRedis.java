package ai.j1msky.gateway;

import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.redis.RedisLink;
import ai.j1msky.infra.local.LocalRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A real Redis of a test's own: tests that flush it, or take the projection over, cannot share one.
public final class TestRedis implements AutoCloseable {

    private final Path directory;
    private final LocalRedis server;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    private TestRedis(Path directory) {
        this.directory = directory;
        this.server = LocalRedis.start(directory, 0);
        this.client =
                RedisClient.create(
                        RedisURI.builder().withHost(server.host()).withPort(server.port()).build());
        this.connection = client.connect();
    }

    public static TestRedis start() {
        try {
            return new TestRedis(Files.createTempDirectory("j1msky-redis-test-"));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    public int port() {
        return server.port();
    }

    public RedisCommands<String, String> commands() {
        return connection.sync();
    }

    public RedisLink store() {
        return new RedisLink(() -> connection);
    }

    /// The server's clock in milliseconds.
    public long now() {
        return Long.parseLong(commands().time().getFirst()) * 1_000;
    }

    /// All that the projection has written, comparable: who owns it, which workers live and what they claimed, when
    /// keys were used and how, and limits are left out.
    public Map<String, Object> dump() {
        Map<String, Object> dump = new TreeMap<>();
        for (String key : commands().keys("j1:*")) {
            if (!key.startsWith("j1:lease:")
                    && !key.equals("j1:owner")
                    && !key.equals(RedisKeys.KEYS_USED)
                    && !key.contains("}:u:")
                    && !key.contains("}:ua:")
                    && !isBucket(key)) {
                dump.put(key, valueOf(key));
            }
        }
        return dump;
    }

    /// What requests and spawns took; a rebuild brings back only what still counts.
    private static boolean isBucket(String key) {
        return key.startsWith("j1:ip:")
                || key.startsWith("j1:provider:")
                || key.contains("}:l:")
                || key.contains("}:h:");
    }

    private Object valueOf(String key) {
        return switch (commands().type(key)) {
            case "hash" -> {
                Map<String, String> hash = new TreeMap<>(commands().hgetall(key));
                hash.remove("cl");
                yield hash;
            }
            case "zset" ->
                    commands().zrangeWithScores(key, 0, -1).stream()
                            .collect(
                                    Collectors.toMap(ScoredValue::getValue, ScoredValue::getScore));
            case "set" -> commands().smembers(key);
            default -> commands().get(key);
        };
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
        server.kill();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException undeletable) {
            throw new UncheckedIOException(undeletable);
        }
    }
}
