package ai.j1msky.bench.money;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;

/// What Redis says of the scripts it ran.
final class RedisScripts implements AutoCloseable {

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    RedisScripts(int port) {
        client = RedisClient.create(RedisURI.create("127.0.0.1", port));
        connection = client.connect();
    }

    /// Since Redis has started.
    ///
    /// @param micros that Redis was busy with them
    record Ran(long calls, long micros) {
        Ran since(Ran before) {
            return new Ran(calls - before.calls, micros - before.micros);
        }
    }

    Ran ran() {
        return read(connection.sync().info("commandstats"));
    }

    /// @param statistics lines such as `cmdstat_evalsha:calls=2,usec=51,usec_per_call=25.50,…`
    static Ran read(String statistics) {
        List<String> scripts =
                statistics.lines().filter(line -> line.startsWith("cmdstat_eval")).toList();
        return new Ran(sum(scripts, "calls"), sum(scripts, "usec"));
    }

    private static long sum(List<String> lines, String name) {
        return lines.stream()
                .flatMap(line -> List.of(line.split("[:,]", -1)).stream())
                .filter(field -> field.startsWith(name + "="))
                .mapToLong(field -> Long.parseLong(field.substring(name.length() + 1)))
                .sum();
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
