package ai.j1msky.gateway.redis;

import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.ToByteBufEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Texts in UTF-8. Lettuce's own codec estimates lengths and so needs a buffer of its own for each argument; scripts
/// have dozens. It also decodes byte by byte what the JDK decodes at once from an array.
public final class Utf8Codec
        implements RedisCodec<String, String>, ToByteBufEncoder<String, String> {

    @Override
    public String decodeKey(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return new String(copy, StandardCharsets.UTF_8);
    }

    @Override
    public String decodeValue(ByteBuffer bytes) {
        return decodeKey(bytes);
    }

    @Override
    public ByteBuffer encodeKey(String key) {
        return ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ByteBuffer encodeValue(String value) {
        return encodeKey(value);
    }

    @Override
    public void encodeKey(String key, ByteBuf target) {
        int _ = ByteBufUtil.writeUtf8(target, key);
    }

    @Override
    public void encodeValue(String value, ByteBuf target) {
        encodeKey(value, target);
    }

    @Override
    public int estimateSize(Object text) {
        return ByteBufUtil.utf8Bytes((String) text);
    }

    @Override
    public boolean isEstimateExact() {
        return true;
    }
}
