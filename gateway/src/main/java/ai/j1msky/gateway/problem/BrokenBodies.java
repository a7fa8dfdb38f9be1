package ai.j1msky.gateway.problem;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;

/// Lets a body whose chunks are no HTTP fail where it is read, so that its request gets one answer, with its own id.
/// Reactor Netty would answer on its own, beside whoever reads the body.
public final class BrokenBodies extends ChannelInboundHandlerAdapter {

    /// Stands in the body where it breaks. It is no bytes, so reading it fails with an `IllegalArgumentException`.
    private enum Break {
        HERE
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof HttpContent content
                && !(message instanceof HttpRequest)
                && content.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            super.channelRead(context, Break.HERE);
        } else {
            super.channelRead(context, message);
        }
    }
}
