package ai.j1msky.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Runs a [LoadPlan] on the calling thread: one selector, many connections.
///
/// It shares its machine with what it measures, so its own cost is kept far below that of the server: requests are
/// encoded once and responses are only searched for their status and their end.
public final class LoadGenerator {

    private static final int READ_BUFFER = 64 * 1024;
    private static final long SELECT_MILLIS = 50;

    private final LoadPlan plan;
    private final Tally tally = new Tally();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BUFFER);
    private final List<LoadConnection> connections = new ArrayList<>();

    private LoadGenerator(LoadPlan plan) {
        this.plan = plan;
    }

    /// Puts the load on the server and returns when its time is over. Requests then still in flight are not counted.
    ///
    /// Broken connections are opened again and counted; when no connection can be opened at all, it returns early.
    public static LoadResult run(LoadPlan plan) {
        return new LoadGenerator(plan).run();
    }

    private LoadResult run() {
        try (Selector selector = Selector.open()) {
            long start = System.nanoTime();
            connect(selector);
            drive(selector, start + plan.warmUp().toNanos());
            tally.reset();
            long measuredFrom = System.nanoTime();
            drive(selector, measuredFrom + plan.measured().toNanos());
            return tally.result(
                    plan.expected(), Duration.ofNanos(System.nanoTime() - measuredFrom));
        } catch (IOException unusable) {
            throw new UncheckedIOException(
                    "the load generator could not use its selector", unusable);
        } finally {
            connections.forEach(LoadConnection::close);
        }
    }

    private void connect(Selector selector) {
        for (int i = 0; i < plan.connections(); i++) {
            LoadConnection connection = new LoadConnection(plan, i, tally);
            connections.add(connection);
            connection.open(selector);
        }
    }

    private void drive(Selector selector, long until) throws IOException {
        while (System.nanoTime() < until && !selector.keys().isEmpty()) {
            selector.select(key -> serve(selector, key), SELECT_MILLIS);
        }
    }

    private void serve(Selector selector, SelectionKey key) {
        if (key.attachment() instanceof LoadConnection connection && key.isValid()) {
            connection.serve(selector, key, buffer);
        }
    }
}
