package ai.j1msky.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Signals that Java itself cannot send.
public final class Signals {

    private Signals() {}

    /// Sends SIGSTOP: the process keeps everything and does nothing until SIGCONT.
    ///
    /// @throws IllegalStateException when there is no such process
    public static void stop(long pid) {
        send("-STOP", pid);
    }

    /// Sends SIGCONT: the process goes on.
    ///
    /// @throws IllegalStateException when there is no such process
    public static void resume(long pid) {
        send("-CONT", pid);
    }

    private static void send(String signal, long pid) {
        try {
            int exit = new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor();
            if (exit != 0) {
                throw new IllegalStateException("process " + pid + " could not get " + signal);
            }
        } catch (IOException unstartable) {
            throw new UncheckedIOException("cannot run kill", unstartable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at a signal", interrupted);
        }
    }
}
