package ai.j1msky.gateway.problem;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Ends a connection with 408 whose client does not get to the end of a request's headers in time, however steadily
/// it drips (slowloris). Reactor Netty's own time-outs begin where the headers end.
///
/// Reads on only once a request is answered when more of them have come meanwhile: Reactor Netty keeps those in a queue
/// without an end.
///
/// Stands behind the HTTP codec and [NettyProblems], which gives the answer its envelope; its [#bytes()] stand in front
/// of the codec. The time runs from the connection's start for its first request and from the first bytes of
/// each later one, but never while an answer is pending: a client that waits for one owes us nothing.
public final class HeadDeadline extends ChannelDuplexHandler {

    private final Duration patience;
    private @Nullable Future<?> deadline;
    private int unanswered;
    private boolean headBegun = true;
    private boolean inBody;
    private boolean decoded;
    private boolean interim;
    private boolean readLater;

    public HeadDeadline(Duration patience) {
        this.patience = patience;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            startIfDue(context);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        startIfDue(context);
        super.channelActive(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        decoded = true;
        if (message instanceof HttpRequest) {
            unanswered++;
            headBegun = false;
            inBody = true;
            stop();
        }
        if (message instanceof LastHttpContent) {
            inBody = false;
        }
        super.channelRead(context, message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
            throws Exception {
        if (message instanceof HttpResponse answer) {
            interim = answer.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        }
        if (message instanceof LastHttpContent && !interim) {
            unanswered = Math.max(0, unanswered - 1);
            startIfDue(context);
            if (readLater) {
                read(context);
            }
        }
        super.write(context, message, promise);
    }

    @Override
    public void read(ChannelHandlerContext context) {
        readLater = unanswered > 1;
        if (!readLater) {
            context.read();
        }
    }

    /// The part that sees the bytes before the codec does: those that it leaves, or makes nothing of, begin a head.
    public ChannelInboundHandler bytes() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message)
                    throws Exception {
                if (message instanceof ByteBuf bytes) {
                    decoded = false;
                    bytes.retain();
                    try {
                        super.channelRead(context, bytes);
                        if (!inBody && (!decoded || bytes.isReadable())) {
                            headBegun = true;
                            startIfDue(context.pipeline().context(HeadDeadline.this));
                        }
                    } finally {
                        bytes.release();
                    }
                } else {
                    super.channelRead(context, message);
                }
            }
        };
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

    private void startIfDue(ChannelHandlerContext context) {
        if (headBegun && unanswered == 0 && deadline == null) {
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
