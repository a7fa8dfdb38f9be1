package ai.j1msky.bench.stack;

import ai.j1msky.bench.load.BlockingClient;
import ai.j1msky.bench.load.HttpRequest;
import ai.j1msky.infra.local.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// One more billing or notifier, exactly as the product runs its own, on a Kafka of its own.
public final class ServiceProcess implements AutoCloseable {

    private static final long STOP_SECONDS = 20;
    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String service;
    private final Process process;
    private final InetSocketAddress management;

    private ServiceProcess(String service, Process process, InetSocketAddress management) {
        this.service = service;
        this.process = process;
        this.management = management;
    }

    /// Starts it and does not wait.
    ///
    /// @param service its name, for example `billing`
    /// @param command of the product's own
    /// @param variables of its environment, beside those that every service has
    /// @param log where it writes its log
    public static ServiceProcess start(
            String service,
            List<String> command,
            String kafkaBootstrap,
            Map<String, String> variables,
            Path log) {
        int port = FreePort.pick();
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("SPRING_KAFKA_BOOTSTRAP_SERVERS", kafkaBootstrap);
        builder.environment().put("J1MSKY_NODE", service);
        builder.environment().putAll(variables);
        builder.environment().put("LOGGING_FILE_NAME", log.toString());
        builder.environment().put("MANAGEMENT_SERVER_PORT", Integer.toString(port));
        try {
            return new ServiceProcess(
                    service,
                    builder.start(),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException unstartable) {
            throw new UncheckedIOException("cannot start " + service, unstartable);
        }
    }

    public long pid() {
        return process.pid();
    }

    /// Waits until one of its meters has that value.
    ///
    /// @param meter by its name for Prometheus
    /// @throws IllegalStateException when that takes longer than a minute, or it has ended
    public void awaitMeter(String meter, double value) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        double seen = meter(meter);
        while (seen != value) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new IllegalStateException(service + "'s " + meter + "is " + seen);
            }
            LockSupport.parkNanos(GLANCE.toNanos());
            seen = meter(meter);
        }
    }

    /// The sum over all series of a meter whose names start like that; not a number while it does not answer.
    private double meter(String start) {
        try (BlockingClient client = BlockingClient.connect(management)) {
            String page = client.exchange(HttpRequest.get("/actuator/prometheus", "")).body();
            return page.lines()
                    .filter(line -> line.startsWith(start))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (ConnectException notYet) {
            return Double.NaN;
        } catch (IOException broken) {
            throw new UncheckedIOException(service + " did not answer", broken);
        }
    }

    /// Bytes of its heap that are in use after a full collection.
    public double heapInUse() {
        try {
            int exit =
                    new ProcessBuilder(
                                    System.getProperty("java.home") + "/bin/jcmd",
                                    Long.toString(pid()),
                                    "GC.run")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor();
            if (exit != 0) {
                throw new IllegalStateException(service + "'s garbage could not be collected");
            }
        } catch (IOException unstartable) {
            throw new UncheckedIOException("cannot run jcmd", unstartable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at a collection", interrupted);
        }
        return meter("jvm_memory_used_bytes{area=\"heap\"");
    }

    /// Asks it to end and waits; then it is killed.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
