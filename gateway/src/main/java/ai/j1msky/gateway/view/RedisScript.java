package ai.j1msky.gateway.view;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A Lua script of this service and the digest by which Redis knows it.
record RedisScript(String text, String digest) {

    static RedisScript named(String name) {
        try (InputStream resource =
                RedisScript.class.getResourceAsStream("/redis/" + name + ".lua")) {
            if (resource == null) {
                throw new IllegalStateException("no script " + name);
            }
            byte[] text = resource.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text);
            return new RedisScript(
                    new String(text, StandardCharsets.UTF_8), HexFormat.of().formatHex(digest));
        } catch (IOException | NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("script " + name + " cannot be read", impossible);
        }
    }
}
