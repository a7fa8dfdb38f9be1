package ai.j1msky.bench.money;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;

/// What Redis says of what it did since it has started.
final class RedisFigures implements AutoCloseable {

    private static final double MICROS = 1e6;

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    RedisFigures(int port) {
        client = RedisClient.create(RedisURI.create("127.0.0.1", port));
        connection = client.connect();
    }

    /// Gives it room: a bench makes more agents in minutes than a small installation in a month, and Redis, which keeps the
    /// views of all of them, would be full.
    void makeRoom() {
        String done = connection.sync().configSet("maxmemory", "8gb");
        if (!"OK".equals(done)) {
            throw new IllegalStateException("Redis does not take more memory: " + done);
        }
    }

    /// How many scripts it ran.
    long scripts() {
        return scripts(connection.sync().info("commandstats"));
    }

    /// Processor time of the thread that runs commands.
    double busyMicros() {
        return busyMicros(connection.sync().info("cpu"));
    }

    /// @param statistics lines such as `cmdstat_evalsha:calls=2,usec=51,usec_per_call=25.50,…`
    static long scripts(String statistics) {
        return statistics
                .lines()
                .filter(line -> line.startsWith("cmdstat_eval"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^:]+:calls=([0-9]+),.*", "$1")))
                .sum();
    }

    /// @param times lines such as `used_cpu_user_main_thread:0.123456`, in seconds
    static double busyMicros(String times) {
        return times.lines()
                        .filter(line -> line.matches("used_cpu_(sys|user)_main_thread:.*"))
                        .mapToDouble(
                                line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
                        .sum()
                * MICROS;
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
