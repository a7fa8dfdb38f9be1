package ai.j1msky.common.seal;

import ai.j1msky.common.id.AgentId;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Random;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/// The key of one agent's texts: whoever drops it has deleted them, in every copy. Thread-safe.
public final class DataKey {

    private static final int BYTES = 32;
    private static final String VERSION = "1.";

    private final byte[] bytes;
    private final AesGcmJce cipher;

    DataKey(byte[] bytes) throws GeneralSecurityException {
        this.bytes = bytes.clone();
        this.cipher = new AesGcmJce(bytes);
    }

    public static DataKey mint() {
        try {
            return new DataKey(Random.randBytes(BYTES));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JVM has no AES-256-GCM", impossible);
        }
    }

    /// Seals a field of an agent.
    public SealedText seal(AgentId agent, String field, String text) {
        try {
            byte[] sealed =
                    cipher.encrypt(text.getBytes(StandardCharsets.UTF_8), context(agent, field));
            return new SealedText(
                    VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot seal", impossible);
        }
    }

    /// Opens a field of an agent.
    ///
    /// @throws UnreadableException when it was sealed with another key, for another agent or field, or changed since
    public String open(AgentId agent, String field, SealedText sealed) {
        try {
            byte[] body = Base64.getUrlDecoder().decode(sealed.value().substring(VERSION.length()));
            return new String(cipher.decrypt(body, context(agent, field)), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException wrong) {
            throw new UnreadableException("sealed " + field + " of " + agent + " cannot be opened");
        }
    }

    byte[] bytes() {
        return bytes.clone();
    }

    private static byte[] context(AgentId agent, String field) {
        return (VERSION + agent + "\n" + field).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "DataKey[redacted]";
    }
}
