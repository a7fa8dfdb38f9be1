package ai.j1msky.gateway.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The bytes of one request, right or wrong: nothing is checked, escaped or added that was not asked for.
///
/// @param line the request line
/// @param headers whole header lines
@SuppressWarnings("ArrayRecordComponent") // bytes on the wire, never compared
record Request(String line, List<String> headers, byte[] body) {

    private static final byte[] NOTHING = {};

    static Request line(String line) {
        return new Request(line, List.of("Host: localhost"), NOTHING);
    }

    static Request get(String target) {
        return line("GET " + target + " HTTP/1.1");
    }

    static Request delete(String target) {
        return line("DELETE " + target + " HTTP/1.1");
    }

    static Request post(String target) {
        return line("POST " + target + " HTTP/1.1");
    }

    /// `POST /api/spawn` of a JSON document.
    static Request spawn(String key, String json) {
        return spawn(key, json.getBytes(StandardCharsets.UTF_8));
    }

    static Request spawn(String key, byte[] json) {
        return post("/api/spawn").bearer(key).with("Content-Type: application/json").withBody(json);
    }

    Request bearer(String key) {
        return with("Authorization: Bearer " + key);
    }

    Request with(String header) {
        List<String> more = new ArrayList<>(headers);
        more.add(header);
        return new Request(line, List.copyOf(more), body);
    }

    /// The body and its true length.
    Request withBody(byte[] bytes) {
        return with("Content-Length: " + bytes.length).withRaw(bytes);
    }

    /// The body alone; what the headers say of it is the caller's.
    Request withRaw(byte[] bytes) {
        return new Request(line, headers, bytes);
    }

    Request withRaw(String text) {
        return withRaw(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String head = line + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
        bytes.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }
}
