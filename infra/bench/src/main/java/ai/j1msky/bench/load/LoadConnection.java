package ai.j1msky.bench.load;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// One keep-alive connection of a load with one request in flight. Used by the generator's thread only.
final class LoadConnection {

    private final LoadPlan plan;
    private final Tally tally;
    private ResponseParser parser = ResponseParser.countingOnly();
    private int next;
    private @Nullable SocketChannel channel;
    private ByteBuffer out = ByteBuffer.allocate(0);
    private long sentAt;

    LoadConnection(LoadPlan plan, int first, Tally tally) {
        this.plan = plan;
        this.next = first;
        this.tally = tally;
    }

    /// Connects and sends the first request. A refusal is counted, and leaves the selector without this connection.
    void open(Selector selector) {
        parser = ResponseParser.countingOnly();
        try {
            SocketChannel opened = SocketChannel.open(plan.server());
            channel = opened;
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            opened.configureBlocking(false);
            SelectionKey key = opened.register(selector, SelectionKey.OP_READ, this);
            send(opened, key);
        } catch (IOException refused) {
            tally.broken();
            close();
        }
    }

    void serve(Selector selector, SelectionKey key, ByteBuffer buffer) {
        SocketChannel open = channel;
        if (open == null) {
            return;
        }
        boolean reopen;
        try {
            if (key.isWritable()) {
                write(open, key);
            }
            reopen = key.isReadable() && !read(open, key, buffer);
        } catch (IOException lost) {
            tally.broken();
            reopen = true;
        }
        if (reopen) {
            close();
            open(selector);
        }
    }

    void close() {
        SocketChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException ignored) {
                // Nothing is lost: the connection was not going to be used again.
            }
        }
    }

    /// Returns whether the connection can be used for another request.
    private boolean read(SocketChannel open, SelectionKey key, ByteBuffer buffer)
            throws IOException {
        buffer.clear();
        if (open.read(buffer) < 0) {
            throw new IOException("the server closed the connection with a request in flight");
        }
        buffer.flip();
        if (!parser.feed(buffer)) {
            return true;
        }
        tally.answered(parser.status(), System.nanoTime() - sentAt);
        if (buffer.hasRemaining()) {
            throw new MalformedResponseException("bytes after the end of the response");
        }
        if (parser.closing()) {
            return false;
        }
        send(open, key);
        return true;
    }

    private void send(SocketChannel open, SelectionKey key) throws IOException {
        out = plan.requests().get(next % plan.requests().size()).bytes();
        next = (next + 1) % plan.requests().size();
        sentAt = System.nanoTime();
        write(open, key);
    }

    private void write(SocketChannel open, SelectionKey key) throws IOException {
        open.write(out);
        int interest =
                out.hasRemaining()
                        ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
                        : SelectionKey.OP_READ;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }
}
