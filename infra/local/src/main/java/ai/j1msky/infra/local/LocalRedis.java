package ai.j1msky.infra.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real Redis as a child process on loopback, with its append-only file in one directory.
///
/// Its settings are the launcher's own (`redis.conf` beside this class). It outlives neither [#close] nor, on an
/// orderly exit, this JVM.
public final class LocalRedis implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final String HOST = "127.0.0.1";
    private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);

    private final int port;
    private final Process process;
    private final Thread onExit;

    private LocalRedis(int port, Process process) {
        this.port = port;
        this.process = process;
        this.onExit = new Thread(process::destroyForcibly, "redis-shutdown");
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /// Starts Redis and returns when it answers.
    ///
    /// @param directory created when missing; binary, log and data live here
    /// @param wantedPort 0 for a free one
    /// @throws UncheckedIOException when the directory cannot be written
    /// @throws IllegalStateException when it does not answer in 20 s, or ends
    public static LocalRedis start(Path directory, int wantedPort) {
        int port = FreePort.orPick(wantedPort);
        try {
            Files.createDirectories(directory);
            LocalRedis redis = new LocalRedis(port, launch(directory, port));
            redis.awaitReady(directory);
            return redis;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start Redis in " + directory, e);
        }
    }

    public String host() {
        return HOST;
    }

    public int port() {
        return port;
    }

    /// For tests that stop, continue or kill the process by signal.
    public long pid() {
        return process.pid();
    }

    /// Stops Redis after it wrote its data; repeating it does nothing.
    @Override
    public void close() {
        end(process::destroy);
    }

    /// Ends Redis as a power cut would: without a last write.
    public void kill() {
        end(process::destroyForcibly);
    }

    private void end(Runnable signal) {
        signal.run();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            return; // the JVM is already shutting down: the hook has run or will
        }
    }

    private static Process launch(Path directory, int port) throws IOException {
        Path settings = directory.resolve("redis.conf");
        try (InputStream resource = LocalRedis.class.getResourceAsStream("redis.conf")) {
            if (resource == null) {
                throw new IllegalStateException("redis.conf is missing from the class path");
            }
            Files.copy(resource, settings, StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> command =
                List.of(
                        RedisBinary.locate(directory.resolve("bin")).toString(),
                        settings.toString(),
                        "--dir",
                        directory.toString(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        HOST);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(directory.resolve("redis.log").toFile()))
                .start();
    }

    private void awaitReady(Path directory) {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers()) {
            try {
                // Waiting for the process to end doubles as the pause between two attempts.
                if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                    kill();
                    throw new IllegalStateException(
                            "Redis did not start, see " + directory.resolve("redis.log"));
                }
            } catch (InterruptedException e) {
                kill();
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while Redis started", e);
            }
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write(PING);
            return socket.getInputStream().read() == '+'; // "-LOADING" until the data is read
        } catch (IOException e) {
            return false;
        }
    }
}
