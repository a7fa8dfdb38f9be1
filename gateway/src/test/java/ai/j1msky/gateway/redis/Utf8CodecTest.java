package ai.j1msky.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8CodecTest {

    private final Utf8Codec codec = new Utf8Codec();

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "Grüße", "日本", "🙂 four bytes", "\r\n\t"})
    void announcesTheLengthThatItWrites(String text) {
        ByteBuf written = Unpooled.buffer();

        codec.encodeValue(text, written);

        assertThat(written.readableBytes()).isEqualTo(codec.estimateSize(text));
        assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo(text);
        assertThat(codec.decodeValue(written.nioBuffer())).isEqualTo(text);
    }
}
