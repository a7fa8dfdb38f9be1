package ai.j1msky.e2e;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Runs things at once, each on a thread of its own, and later if asked.
final class InParallel implements AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    <T> CompletableFuture<T> start(Callable<T> work) {
        return on(threads, work);
    }

    <T> CompletableFuture<T> after(Duration delay, Callable<T> work) {
        return on(
                CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, threads),
                work);
    }

    /// Starts so many of them at once.
    <T> List<CompletableFuture<T>> start(int count, IntFunction<T> work) {
        return IntStream.range(0, count)
                .mapToObj(number -> start(() -> work.apply(number)))
                .toList();
    }

    /// The results of all, in their order.
    static <T> List<T> all(List<CompletableFuture<T>> started) {
        return started.stream().map(CompletableFuture::join).toList();
    }

    private static <T> CompletableFuture<T> on(Executor executor, Callable<T> work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.call();
                    } catch (RuntimeException failure) {
                        throw failure;
                    } catch (Exception failure) {
                        throw new CompletionException(failure);
                    }
                },
                executor);
    }

    @Override
    public void close() {
        threads.close();
    }
}
