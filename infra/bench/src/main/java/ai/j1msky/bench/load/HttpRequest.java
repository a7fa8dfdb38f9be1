package ai.j1msky.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// One HTTP/1.1 request, encoded once and sent as often as needed.
///
/// `bytes` holds the head and the body; it is never changed after construction.
public final class HttpRequest {

    private final ByteBuffer bytes;

    private HttpRequest(byte[] bytes) {
        this.bytes = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().asReadOnlyBuffer();
    }

    /// A GET without a body. `bearer` is the API key; an empty one sends no `Authorization`.
    public static HttpRequest get(String path, String bearer) {
        return new HttpRequest(
                (head("GET", path, bearer) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /// A POST of a JSON body.
    public static HttpRequest post(String path, String bearer, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        byte[] head =
                (head("POST", path, bearer)
                                + "Content-Type: application/json\r\nContent-Length: "
                                + body.length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[head.length + body.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        return new HttpRequest(whole);
    }

    /// A view of the encoded request with a position of its own, ready to be written.
    ByteBuffer bytes() {
        return bytes.duplicate();
    }

    private static String head(String method, String path, String bearer) {
        String authorization = bearer.isEmpty() ? "" : "Authorization: Bearer " + bearer + "\r\n";
        return method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + authorization;
    }
}
