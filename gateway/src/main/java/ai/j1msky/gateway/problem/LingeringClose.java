package ai.j1msky.gateway.problem;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Closes a connection so that its client can still read the last answer: only the sending half at first, while what
/// the client goes on sending is thrown away (RFC 9112, section 9.6). A socket that is closed with bytes unread is
/// reset, and the reset would overtake the answer.
///
/// Stands in front of everything else. Ends when the client closes, after a time, or after so many bytes.
public final class LingeringClose extends ChannelDuplexHandler {

    private static final long MOST_BYTES = 16L << 20;

    private final Duration patience;
    private boolean lingering;
    private long dropped;

    public LingeringClose(Duration patience) {
        this.patience = patience;
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (!context.channel().isActive() || !(context.channel() instanceof DuplexChannel socket)) {
            ChannelFuture _ = context.close(promise);
            return;
        }
        socket.closeFuture().addListener(closed -> promise.trySuccess());
        if (!lingering) {
            lingering = true;
            linger(context, socket);
        }
    }

    private void linger(ChannelHandlerContext context, DuplexChannel socket) {
        Future<?> end =
                context.executor()
                        .schedule(() -> end(context), patience.toMillis(), TimeUnit.MILLISECONDS);
        socket.closeFuture().addListener(closed -> end.cancel(false));
        socket.shutdownOutput()
                .addListener(
                        shut -> {
                            socket.config().setAutoRead(true);
                            context.read();
                        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (!lingering) {
            super.channelRead(context, message);
            return;
        }
        if (message instanceof ByteBuf bytes) {
            dropped += bytes.readableBytes();
        }
        ReferenceCountUtil.release(message);
        if (dropped > MOST_BYTES) {
            end(context);
        }
    }

    private static void end(ChannelHandlerContext context) {
        ChannelFuture _ = context.close();
    }
}
