package ai.j1msky.worker.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The body of a response as parts that are waited for with a limit, and that can be closed from any thread.
///
/// The JDK's own body stream has no read time-out (JDK-8208693). At most two parts are held, since the next is asked
/// for when one is taken.
final class StreamedBody implements BodySubscriber<StreamedBody>, AutoCloseable {

    /// What the connection brought next.
    sealed interface Part {
        record Bytes(List<ByteBuffer> buffers) implements Part {}

        /// The body ended as HTTP says it should.
        record End() implements Part {}

        /// The connection broke or the framing did.
        record Broken() implements Part {}

        /// [StreamedBody#close()] was called.
        record Closed() implements Part {}
    }

    private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
    private volatile @Nullable Subscription subscription;
    private volatile boolean closed;

    /// The next part, or null if none came in time.
    @Nullable Part take(Duration patience) throws InterruptedException {
        Part part = parts.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        Subscription upstream = subscription;
        if (closed) {
            // Whatever came is of no interest; a cancelled JDK subscription reports itself as
            // broken.
            return new Part.Closed();
        }
        if (part instanceof Part.Bytes && upstream != null) {
            upstream.request(1);
        }
        return part;
    }

    boolean isClosed() {
        return closed;
    }

    /// Closes the connection unless the body has ended, and wakes whoever waits.
    @Override
    public void close() {
        closed = true;
        Subscription upstream = subscription;
        if (upstream != null) {
            upstream.cancel();
        }
        parts.add(new Part.Closed());
    }

    @Override
    public CompletionStage<StreamedBody> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Subscription upstream) {
        subscription = upstream;
        // Read after the write above, as close() does the other way round: one of the two always
        // cancels.
        if (closed) {
            upstream.cancel();
        } else {
            upstream.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        parts.add(new Part.Bytes(buffers));
    }

    @Override
    public void onError(Throwable broken) {
        parts.add(new Part.Broken());
    }

    @Override
    public void onComplete() {
        parts.add(new Part.End());
    }
}
