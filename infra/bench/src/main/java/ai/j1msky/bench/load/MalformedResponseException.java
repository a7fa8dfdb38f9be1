package ai.j1msky.bench.load;

import java.io.IOException;

/// The server sent bytes that are not an HTTP/1.1 response this generator can delimit.
final class MalformedResponseException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedResponseException(String message) {
        super(message);
    }
}
