package ai.j1msky.gateway.auditlog;

import ai.j1msky.gateway.audit.MaskedBody;
import java.io.ByteArrayOutputStream;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// A response that keeps the beginning of what is written to it.
final class BodyCopy extends ServerHttpResponseDecorator {

    private final ByteArrayOutputStream start = new ByteArrayOutputStream();
    private long size;

    BodyCopy(ServerHttpResponse response) {
        super(response);
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
        return super.writeWith(Flux.from(body).doOnNext(this::copy));
    }

    private void copy(DataBuffer piece) {
        int length = piece.readableByteCount();
        if (start.size() + length <= MaskedBody.LARGEST_READ) {
            byte[] bytes = new byte[length];
            piece.toByteBuffer(piece.readPosition(), java.nio.ByteBuffer.wrap(bytes), 0, length);
            start.writeBytes(bytes);
        }
        size += length;
    }

    byte[] bytes() {
        return start.toByteArray();
    }

    /// How large the body is, also where it was not kept.
    long size() {
        return size;
    }
}
