package ai.j1msky.gateway.problem;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpVersion;
import java.util.function.Supplier;

/// Gives the error envelope to those answers that Netty makes on its own, before any of our code sees a request: a
/// malformed request line, headers that are too large, a request that never ends.
public final class NettyProblems extends ChannelOutboundHandlerAdapter {

    private final String requestIdHeader;
    private final Supplier<String> requestIds;

    public NettyProblems(String requestIdHeader, Supplier<String> requestIds) {
        this.requestIdHeader = requestIdHeader;
        this.requestIds = requestIds;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
            throws Exception {
        if (message instanceof FullHttpResponse answer
                && answer.status().code() >= 400
                && !answer.content().isReadable()
                && !answer.headers().contains(requestIdHeader)) {
            FullHttpResponse enveloped = envelope(answer);
            answer.release();
            // What follows on this connection cannot be trusted to start a request.
            context.write(enveloped, promise.unvoid()).addListener(ChannelFutureListener.CLOSE);
        } else {
            super.write(context, message, promise);
        }
    }

    private FullHttpResponse envelope(FullHttpResponse bare) {
        String id = requestIds.get();
        Problem problem = Problem.ofStatus(bare.status().code());
        byte[] body = Envelope.of(ProblemException.of(problem), id);
        FullHttpResponse answer =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, bare.status(), Unpooled.wrappedBuffer(body));
        answer.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
        answer.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        answer.headers().set(requestIdHeader, id);
        return answer;
    }
}
