package ai.j1msky.gateway.signing;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;
import reactor.netty.http.server.HttpServerRequest;

/// A request, written as `METHOD target`, lines of `name: value`, an empty line, and the body. A signature of `right` or
/// `RIGHT` is replaced by the right one, in lower or upper case.
final class SentRequest extends AbstractServerHttpRequest {

    private final String target;
    private final byte[] body;
    private final String right;

    private SentRequest(
            HttpMethod method, String target, HttpHeaders headers, byte[] body, String right) {
        super(method, URI.create("/"), "", headers);
        this.target = target;
        this.body = body;
        this.right = right;
    }

    static SentRequest read(byte[] bytes, String apiSecret) throws GeneralSecurityException {
        int end = headEnd(bytes);
        byte[] body = Arrays.copyOfRange(bytes, Math.min(end + 2, bytes.length), bytes.length);
        List<String> head =
                List.of(new String(bytes, 0, end, StandardCharsets.UTF_8).split("\n", -1));
        String[] first = head.getFirst().split(" ", 2);
        String target = first.length == 2 ? first[1] : "";
        List<String> times = values(head, "X-Timestamp: ");
        String right =
                hmac(apiSecret, times.isEmpty() ? "" : times.getFirst(), first[0], target, body);
        HttpHeaders headers = new HttpHeaders();
        times.forEach(time -> headers.add("X-Timestamp", time));
        for (String signature : values(head, "X-Signature: ")) {
            headers.add(
                    "X-Signature",
                    switch (signature) {
                        case "right" -> right;
                        case "RIGHT" -> right.toUpperCase(Locale.ROOT);
                        default -> signature;
                    });
        }
        return new SentRequest(HttpMethod.valueOf(first[0]), target, headers, body, right);
    }

    List<String> times() {
        return getHeaders().getOrEmpty("X-Timestamp");
    }

    List<String> signatures() {
        return getHeaders().getOrEmpty("X-Signature");
    }

    byte[] body() {
        return body;
    }

    /// The right signature in lower case, also when it was not sent.
    String right() {
        return right;
    }

    private static int headEnd(byte[] bytes) {
        for (int i = 0; i + 1 < bytes.length; i++) {
            if (bytes[i] == '\n' && bytes[i + 1] == '\n') {
                return i;
            }
        }
        return bytes.length;
    }

    private static List<String> values(List<String> head, String start) {
        return head.stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .toList();
    }

    private static String hmac(
            String apiSecret, String time, String method, String target, byte[] body)
            throws GeneralSecurityException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (String part : List.of(time, method, target)) {
            message.writeBytes(part.getBytes(StandardCharsets.UTF_8));
            message.write('\n');
        }
        message.writeBytes(body);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(apiSecret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(message.toByteArray()));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getNativeRequest() {
        return (T)
                Proxy.newProxyInstance(
                        HttpServerRequest.class.getClassLoader(),
                        new Class<?>[] {HttpServerRequest.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("uri")) {
                                return target;
                            }
                            throw new UnsupportedOperationException(method.getName());
                        });
    }

    @Override
    public Flux<DataBuffer> getBody() {
        throw new UnsupportedOperationException();
    }

    @Override
    protected MultiValueMap<String, HttpCookie> initCookies() {
        return new LinkedMultiValueMap<>();
    }

    @Override
    protected SslInfo initSslInfo() {
        return null;
    }
}
