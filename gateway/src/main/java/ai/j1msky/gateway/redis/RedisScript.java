package ai.j1msky.gateway.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A Lua script of this service and the digest by which Redis knows it.
public record RedisScript(String text, String digest) {

    /// @param parts names of resources, put together in this order: functions first, what uses them last
    public static RedisScript of(String... parts) {
        try {
            StringBuilder text = new StringBuilder();
            for (String part : parts) {
                text.append(resource(part)).append('\n');
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(bytes);
            return new RedisScript(text.toString(), HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String resource(String name) {
        try (InputStream resource =
                RedisScript.class.getResourceAsStream("/redis/" + name + ".lua")) {
            if (resource == null) {
                throw new IllegalStateException("no script " + name);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new IllegalStateException("script " + name + " cannot be read", unreadable);
        }
    }
}
