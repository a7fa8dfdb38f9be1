package ai.j1msky.worker.http;

import ai.j1msky.worker.http.StreamedBody.Part;
import ai.j1msky.worker.model.CallProgress;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelCall;
import ai.j1msky.worker.model.ModelFailure;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One call from its first to its last byte. Runs on the caller's thread; [#stop()] may come from any.
final class RunningCall {

    /// How long a complete answer's connection may take to end properly, and so be used again.
    private static final Duration LAST_BYTES = Duration.ofMillis(200);

    private final HttpClient client;
    private final Duration idleTimeout;
    private final StreamLimits limits;
    private final ModelCall call;
    private final CallProgress progress;
    private final StreamedBody body = new StreamedBody();
    private final long startNanos = System.nanoTime();
    private volatile @Nullable CompletableFuture<HttpResponse<StreamedBody>> head;
    private long bodyBytes;

    RunningCall(
            HttpClient client,
            Duration idleTimeout,
            StreamLimits limits,
            ModelCall call,
            CallProgress progress) {
        this.client = client;
        this.idleTimeout = idleTimeout;
        this.limits = limits;
        this.call = call;
        this.progress = progress;
    }

    ModelAnswer run(HttpRequest request, WireEvents events, Clock clock) throws ModelFailure {
        progress.onStop(this::stop);
        try (body) {
            HttpResponse<StreamedBody> response = send(request);
            requireStream(response, clock);
            return read(events);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            stop();
            throw Refusals.stopped();
        }
    }

    /// Closes the connection, whatever the call is waiting for.
    private void stop() {
        body.close();
        CompletableFuture<HttpResponse<StreamedBody>> waiting = head;
        if (waiting != null) {
            waiting.cancel(true);
        }
    }

    private HttpResponse<StreamedBody> send(HttpRequest request)
            throws ModelFailure, InterruptedException {
        if (body.isClosed()) {
            throw Refusals.stopped();
        }
        CompletableFuture<HttpResponse<StreamedBody>> waiting =
                client.sendAsync(request, headers -> body);
        head = waiting;
        if (body.isClosed()) {
            // The stop came before it could see what to cancel.
            waiting.cancel(true);
        }
        try {
            return waiting.get(patience().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException silent) {
            waiting.cancel(true);
            throw silence();
        } catch (CancellationException stopped) {
            throw Refusals.stopped();
        } catch (ExecutionException failed) {
            throw body.isClosed() ? Refusals.stopped() : Refusals.beforeHeaders(failed.getCause());
        }
    }

    private static void requireStream(HttpResponse<?> response, Clock clock) throws ModelFailure {
        if (response.statusCode() / 100 != 2) {
            Duration retryAfter =
                    response.headers()
                            .firstValue("Retry-After")
                            .map(text -> RetryAfter.parse(text, clock.instant()))
                            .orElse(null);
            throw Refusals.ofStatus(response.statusCode(), retryAfter);
        }
        String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            // Unpacked, a few bytes could become gigabytes; none was asked for.
            throw Refusals.stream("The provider compressed its answer unasked.");
        }
    }

    private ModelAnswer read(WireEvents events) throws ModelFailure, InterruptedException {
        AnswerSoFar answer = new AnswerSoFar(call, progress, limits.textBytes());
        answer.begin();
        EventReader reader = new EventReader(this::nextBytes, limits.eventBytes());
        boolean complete = false;
        while (!complete && !answer.isFull()) {
            ServerSentEvent event = reader.next();
            if (event == null) {
                if (!events.mayEndHere()) {
                    throw Refusals.stream("The provider's answer ended before it was complete.");
                }
                return answer.toAnswer();
            }
            complete = events.read(event, answer);
        }
        if (complete) {
            awaitEnd();
        }
        return answer.toAnswer();
    }

    private @Nullable List<ByteBuffer> nextBytes() throws ModelFailure {
        try {
            return switch (body.take(patience())) {
                case Part.Bytes(List<ByteBuffer> buffers) -> counted(buffers);
                case Part.End() -> null;
                case Part.Broken() ->
                        throw Refusals.stream("The connection broke in the middle of the answer.");
                case Part.Closed() -> throw Refusals.stopped();
                case null -> throw silence();
            };
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Refusals.stopped();
        }
    }

    private List<ByteBuffer> counted(List<ByteBuffer> buffers) throws ModelFailure {
        bodyBytes += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
        if (bodyBytes > limits.bodyBytes()) {
            throw Refusals.stream("The provider's answer is too long.");
        }
        return buffers;
    }

    /// Lets a complete answer's last bytes come, since a connection closed before them cannot be used again.
    private void awaitEnd() throws InterruptedException {
        long end = System.nanoTime() + LAST_BYTES.toNanos();
        while (body.take(Duration.ofNanos(end - System.nanoTime())) instanceof Part.Bytes) {
            // Only the end of the connection's body is of interest.
        }
    }

    /// How long the next byte may take: the idle limit, or what is left of the call's timeout.
    private Duration patience() throws ModelFailure {
        Duration left = left();
        if (!left.isPositive()) {
            throw Refusals.timedOut();
        }
        return left.compareTo(idleTimeout) < 0 ? left : idleTimeout;
    }

    private ModelFailure silence() {
        return left().isPositive() ? Refusals.idle(idleTimeout) : Refusals.timedOut();
    }

    private Duration left() {
        return call.timeout().minusNanos(System.nanoTime() - startNanos);
    }
}
