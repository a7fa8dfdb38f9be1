package ai.j1msky.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.gateway.Api;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// A client that asks for something and takes it when it likes, with little room for what it has not taken.
final class SlowDownload implements AutoCloseable {

    private final Socket socket = new Socket();

    SlowDownload(Api api, String path) throws IOException {
        socket.setReceiveBufferSize(64 * 1024);
        socket.connect(new InetSocketAddress(api.base().getHost(), api.base().getPort()));
        OutputStream out = socket.getOutputStream();
        String request =
                "GET %s HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: Bearer %s\r\n\r\n"
                        .formatted(path, api.key());
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /// Waits for the answer to begin, and requires that it is a good one.
    void readHead() throws IOException {
        byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
        assertThat(new String(line, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
    }

    /// Everything until the server ends the connection.
    String readRest() throws IOException {
        StringBuilder rest = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        InputStream in = socket.getInputStream();
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            rest.append(new String(buffer, 0, length, StandardCharsets.US_ASCII));
        }
        return rest.toString();
    }

    void closeAfter(Duration wait) throws IOException {
        LockSupport.parkNanos(wait.toNanos());
        close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
