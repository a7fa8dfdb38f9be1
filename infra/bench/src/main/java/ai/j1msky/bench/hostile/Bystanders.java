package ai.j1msky.bench.hostile;

import ai.j1msky.bench.load.BlockingClient;
import ai.j1msky.bench.load.HttpRequest;
import ai.j1msky.bench.load.UnexpectedAnswersException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// Well-behaved clients that send at a steady, moderate rate, whatever the server does: a latency is counted from when
/// a request was due, so a server that stalls cannot hide it by being asked less.
public final class Bystanders {

    private static final int CLIENTS = 8;
    private static final Duration INTERVAL = Duration.ofMillis(80);
    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final InetSocketAddress server;
    private final List<HttpRequest> requests;

    /// @param requests sent in turn by each client
    public Bystanders(InetSocketAddress server, List<HttpRequest> requests) {
        this.server = server;
        this.requests = List.copyOf(requests);
    }

    /// Milliseconds from due to answered.
    public record Waits(long answers, double p50Millis, double p99Millis) {}

    /// Sends for that long.
    ///
    /// @throws UnexpectedAnswersException when one request was refused, or one connection lost
    public Waits send(Duration time) {
        Histogram waits = new ConcurrentHistogram(3);
        long start = System.nanoTime();
        // Platform threads: they must not wait for each other's turn.
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<CompletableFuture<Void>> all =
                    IntStream.range(0, CLIENTS)
                            .mapToObj(
                                    i ->
                                            CompletableFuture.runAsync(
                                                    () -> send(i, start, time, waits), clients))
                            .toList();
            all.forEach(CompletableFuture::join);
        }
        return new Waits(
                waits.getTotalCount(),
                waits.getValueAtPercentile(50) / NANOS_PER_MILLI,
                waits.getValueAtPercentile(99) / NANOS_PER_MILLI);
    }

    private void send(int client, long start, Duration time, Histogram waits) {
        long due = start + INTERVAL.toNanos() * client / CLIENTS;
        try (BlockingClient connection = BlockingClient.connect(server)) {
            for (int i = client; due - start < time.toNanos(); i++) {
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                BlockingClient.Answer answer =
                        connection.exchange(requests.get(i % requests.size()));
                if (answer.status() != 200) {
                    throw new UnexpectedAnswersException(
                            "a well-behaved client was answered with " + answer.status());
                }
                waits.recordValue(answer.nanoTime() - due);
                due += INTERVAL.toNanos();
            }
        } catch (IOException lost) {
            throw new UnexpectedAnswersException("a well-behaved client lost its connection");
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
