package ai.j1msky.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Inline commands to Redis over a socket: enough for a test to do what no part of the product would.
///
/// @param port on the loopback interface
record RedisConnection(int port) {

    /// Forgets everything.
    void flushAll() {
        String answer = command("FLUSHALL");
        if (!answer.equals("+OK")) {
            throw new IllegalStateException("FLUSHALL was answered " + answer);
        }
    }

    /// Has its file written anew, without what is not there any more; one that is being written is enough.
    void writeFileAnew() {
        command("BGREWRITEAOF");
    }

    /// The number of keys.
    long size() {
        return Long.parseLong(command("DBSIZE").substring(1));
    }

    private String command(String line) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
