package ai.j1msky.bench.process;

import java.util.ArrayDeque;
import java.util.Deque;

/// Ends what a bench has started, last first: at its end, on a failure, and on Ctrl-C or SIGTERM.
///
/// One failing step is reported and does not keep the others from running.
public final class Cleanup implements AutoCloseable {

    private final Deque<AutoCloseable> steps = new ArrayDeque<>();
    private boolean closed;

    private Cleanup() {}

    /// A cleanup that also runs when the JVM is told to end.
    public static Cleanup atExit() {
        Cleanup cleanup = new Cleanup();
        Runtime.getRuntime().addShutdownHook(new Thread(cleanup::close, "bench-cleanup"));
        return cleanup;
    }

    /// Remembers what to close later, and returns it. After [#close] it is closed at once: the bench is being
    /// interrupted, and nothing may be left running.
    public synchronized <T extends AutoCloseable> T add(T started) {
        if (closed) {
            close(started);
        } else {
            steps.push(started);
        }
        return started;
    }

    /// Whether the bench is ending; a failure after that is a consequence, not news.
    public synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!steps.isEmpty()) {
            close(steps.pop());
        }
    }

    private static void close(AutoCloseable step) {
        try {
            step.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception failed) { // AutoCloseable declares no less
            System.err.println("bench: could not clean up: " + failed);
        }
    }
}
