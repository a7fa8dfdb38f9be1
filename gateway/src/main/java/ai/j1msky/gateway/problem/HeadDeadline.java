package ai.j1msky.gateway.problem;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Ends a connection with 408 whose client does not get to the end of a request's headers in time, however steadily
/// it drips (slowloris). Reactor Netty's own time-outs begin where the headers end.
///
/// Stands behind the HTTP codec and in front of [NettyProblems], which gives the answer its envelope. The time runs
/// from the connection's start for its first request, and from the first bytes of each later one.
public final class HeadDeadline extends ChannelInboundHandlerAdapter {

    private final Duration patience;
    private @Nullable Future<?> deadline;
    private boolean betweenRequests = true;
    private boolean decoded;

    public HeadDeadline(Duration patience) {
        this.patience = patience;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            start(context);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        start(context);
        super.channelActive(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        decoded = true;
        if (message instanceof HttpRequest) {
            betweenRequests = false;
            stop();
        }
        if (message instanceof LastHttpContent) {
            betweenRequests = true;
        }
        super.channelRead(context, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        // Bytes came and made nothing yet: a request has begun.
        if (betweenRequests && !decoded) {
            start(context);
        }
        decoded = false;
        super.channelReadComplete(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        stop();
        super.channelInactive(context);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    private void start(ChannelHandlerContext context) {
        if (deadline == null) {
            deadline =
                    context.executor()
                            .schedule(
                                    () -> end(context), patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void stop() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private static void end(ChannelHandlerContext context) {
        context.writeAndFlush(
                        new DefaultFullHttpResponse(
                                HttpVersion.HTTP_1_1,
                                HttpResponseStatus.REQUEST_TIMEOUT,
                                Unpooled.EMPTY_BUFFER))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
