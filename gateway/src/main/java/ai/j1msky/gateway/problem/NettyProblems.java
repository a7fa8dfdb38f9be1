package ai.j1msky.gateway.problem;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Gives the error envelope to those answers that Netty makes on its own, before any of our code sees a request: a
/// malformed request line, headers that are too large, a request that never ends. A head that breaks [HeadRules] is
/// passed on as one that Netty could not read, so that it is answered in its turn.
public final class NettyProblems extends ChannelDuplexHandler {

    private final String requestIdHeader;
    private final Supplier<String> requestIds;
    private @Nullable ProblemException refusal;

    public NettyProblems(String requestIdHeader, Supplier<String> requestIds) {
        this.requestIdHeader = requestIdHeader;
        this.requestIds = requestIds;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (refusal != null) {
            // Nothing behind a refused head is looked at.
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request && request.decoderResult().isSuccess()) {
            refusal = HeadRules.refusal(request).orElse(null);
            if (refusal != null) {
                request.setProtocolVersion(HttpVersion.HTTP_1_1);
                request.setDecoderResult(DecoderResult.failure(refusal));
            }
        }
        super.channelRead(context, message);
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
        int status = bare.status().code();
        ProblemException problem =
                refusal != null && status == 400
                        ? refusal
                        : ProblemException.of(Problem.ofStatus(status));
        byte[] body = Envelope.of(problem, id);
        FullHttpResponse answer =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(problem.problem().status()),
                        Unpooled.wrappedBuffer(body));
        answer.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
        answer.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        answer.headers().set(requestIdHeader, id);
        return answer;
    }
}
