package ai.j1msky.gateway.request;

import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/// Changes of registries: done is one when this gateway has read it back, so the next request sees it.
public final class ReadBack {

    private static final Duration PATIENCE = Duration.ofMillis(2_500);
    private static final int RETRY_AFTER = 2;

    private ReadBack() {}

    /// @param reached completes when the registry has read what stands there
    /// @param unknown what the client is told when it may have been written
    public static Mono<Void> of(
            Supplier<CompletableFuture<Position>> sending,
            Function<Position, CompletableFuture<Void>> reached,
            Problem unknown) {
        return Mono.fromFuture(() -> sending.get().thenCompose(reached))
                .timeout(PATIENCE)
                .onErrorMap(
                        failure ->
                                ProblemException.retryAfter(
                                        failure instanceof LogWriter.NotSentException
                                                ? Problem.LOG_UNAVAILABLE
                                                : unknown,
                                        RETRY_AFTER));
    }
}
