package ai.j1msky.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseParserTest {

    private static final String CHUNKED_WITH_TRAILER =
            "HTTP/1.1 201 Created\r\nTRANSFER-ENCODING: Chunked\r\n\r\n3\r\nabc\r\n1f\r\n"
                    + "d".repeat(31)
                    + "\r\n0\r\nX-Sum: 1\r\n\r\n";

    @Test
    void aResponseIsReadWhateverPiecesItArrivesIn() throws MalformedResponseException {
        // Given
        ResponseParser parser = ResponseParser.keepingBodies();
        byte[] bytes = CHUNKED_WITH_TRAILER.getBytes(StandardCharsets.US_ASCII);

        // When
        for (int i = 0; i < bytes.length - 1; i++) {
            assertThat(parser.feed(ByteBuffer.wrap(bytes, i, 1))).isFalse();
        }
        boolean complete = parser.feed(ByteBuffer.wrap(bytes, bytes.length - 1, 1));

        // Then
        assertThat(complete).isTrue();
        assertThat(parser.status()).isEqualTo(201);
        assertThat(parser.body()).isEqualTo("abc" + "d".repeat(31));
    }

    @Test
    void aResponseEndsWhereTheNextBegins() throws MalformedResponseException {
        // Given
        ResponseParser parser = ResponseParser.keepingBodies();
        ByteBuffer both =
                bytes(
                        "HTTP/1.1 204 No Content\r\n\r\n"
                                + "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");

        // When
        boolean first = parser.feed(both);
        int firstStatus = parser.status();
        boolean second = parser.feed(both);

        // Then
        assertThat(first && second).isTrue();
        assertThat(firstStatus).isEqualTo(204);
        assertThat(parser.status()).isEqualTo(404);
        assertThat(parser.body()).isEqualTo("x");
        assertThat(parser.closing()).isTrue();
    }

    @Test
    void aContinueIsNoAnswer() throws MalformedResponseException {
        // Given
        ResponseParser parser = ResponseParser.countingOnly();

        // When
        boolean complete =
                parser.feed(
                        bytes(
                                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));

        // Then
        assertThat(complete).isTrue();
        assertThat(parser.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2 more\r\n",
                "HTTP/1.1 abc OK\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void aResponseWithoutAnEndIsRefused(String text) {
        // Given
        ResponseParser parser = ResponseParser.countingOnly();

        // Then
        assertThatThrownBy(() -> parser.feed(bytes(text)))
                .isInstanceOf(MalformedResponseException.class);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
