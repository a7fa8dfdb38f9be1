package ai.j1msky.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// One keep-alive connection on which one request at a time is sent and its answer awaited.
///
/// Adds as little as possible to the measured time: the calling thread itself reads the socket.
public final class BlockingClient implements AutoCloseable {

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024).limit(0);
    private final ResponseParser parser = ResponseParser.keepingBodies();

    private BlockingClient(SocketChannel channel) {
        this.channel = channel;
    }

    public static BlockingClient connect(InetSocketAddress server) throws IOException {
        SocketChannel channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return new BlockingClient(channel);
    }

    /// Sends the request and waits for the whole answer.
    public Answer exchange(HttpRequest request) throws IOException {
        ByteBuffer out = request.bytes();
        while (out.hasRemaining()) {
            channel.write(out);
        }
        while (!parser.feed(buffer)) {
            buffer.clear();
            int read = channel.read(buffer);
            buffer.flip();
            if (read < 0) {
                throw new EOFException("the server closed the connection before it answered");
            }
        }
        return new Answer(parser.status(), parser.body(), System.nanoTime());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /// What the server answered.
    ///
    /// @param nanoTime when the last byte had been read, as [System#nanoTime]
    public record Answer(int status, String body, long nanoTime) {}
}
