package ai.j1msky.bench.hostile;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.KeyText;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// What one hostile client does on one connection, until the server has had enough of it. A connection that the server
/// ends is what they all expect, so [IOException] is no failure.
enum Nuisance {
    /// Sends a header a byte at a time (slowloris).
    SLOW_HEADERS(80, 0) {
        @Override
        void bother(SocketChannel connection, String key) throws IOException {
            send(connection, "GET /api/agents HTTP/1.1\r\nHost: a\r\nX-A: ");
            while (true) {
                send(connection, "x");
                pause(500);
            }
        }
    },
    SAYS_NOTHING(80, 0) {
        @Override
        void bother(SocketChannel connection, String key) throws IOException {
            readToEnd(connection);
        }
    },
    /// Is served once and then holds its connection.
    IDLES(100, 0) {
        @Override
        void bother(SocketChannel connection, String key) throws IOException {
            send(connection, get("/api/agents", key));
            readToEnd(connection);
        }
    },
    /// Guesses keys, another with each request.
    WRONG_KEYS(8, 0) {
        @Override
        void bother(SocketChannel connection, String key) throws IOException {
            for (int i = 0; i < 200; i++) {
                String guess = KeyText.mint(KeyEnvironment.LIVE, RANDOM).reveal();
                send(connection, get("/api/agents", guess));
                requireAnswer(connection);
                pause(50);
            }
        }
    },
    /// Sends more than a body may have, as fast as it is taken.
    HUGE_BODIES(4, 1_000) {
        @Override
        void bother(SocketChannel connection, String key) throws IOException {
            send(connection, post(key) + "Transfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 640; i++) {
                send(connection, CHUNK.duplicate());
            }
        }
    },
    /// Announces a large body and stops in it.
    STALLED_BODIES(60, 1_000) {
        @Override
        void bother(SocketChannel connection, String key) throws IOException {
            send(connection, post(key) + "Content-Length: 1048576\r\n\r\n{");
            readToEnd(connection);
        }
    },
    /// Asks again and again, and reads no answer.
    READS_NOTHING(6, 0) {
        @Override
        void bother(SocketChannel connection, String key) throws IOException {
            String questions = get("/api/agents", key).repeat(10);
            while (true) {
                send(connection, questions);
                pause(100);
            }
        }
    },
    /// Leaves in the middle of a request, with a reset.
    RESETS(4, 50) {
        @Override
        void bother(SocketChannel connection, String key) throws IOException {
            send(connection, post(key) + "Content-Length: 100\r\n\r\n{");
            connection.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
    },
    /// Speaks something else than HTTP.
    NOISE(2, 100) {
        @Override
        void bother(SocketChannel connection, String key) throws IOException {
            byte[] noise = new byte[512];
            RANDOM.nextBytes(noise);
            send(connection, ByteBuffer.wrap(noise));
            readToEnd(connection);
        }
    };

    private static final ByteBuffer CHUNK =
            ByteBuffer.wrap(("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(US_ASCII));
    private static final SecureRandom RANDOM = new SecureRandom();

    private final int clients;
    private final Duration rest;

    Nuisance(int clients, int restMillis) {
        this.clients = clients;
        this.rest = Duration.ofMillis(restMillis);
    }

    /// How many do this at once.
    int clients() {
        return clients;
    }

    /// How long each waits before its next connection.
    Duration rest() {
        return rest;
    }

    abstract void bother(SocketChannel connection, String key) throws IOException;

    private static String get(String path, String key) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + key + "\r\n\r\n";
    }

    private static String post(String key) {
        return "POST /api/spawn HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer "
                + key
                + "\r\n";
    }

    private static void send(SocketChannel connection, String text) throws IOException {
        send(connection, ByteBuffer.wrap(text.getBytes(US_ASCII)));
    }

    private static void send(SocketChannel connection, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            connection.write(bytes);
        }
    }

    private static void readToEnd(SocketChannel connection) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        while (connection.read(bytes.clear()) >= 0) {}
    }

    private static void requireAnswer(SocketChannel connection) throws IOException {
        if (connection.read(ByteBuffer.allocate(4096)) < 0) {
            throw new IOException("closed");
        }
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
