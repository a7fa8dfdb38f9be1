package ai.j1msky.common.seal;

import ai.j1msky.common.id.AgentId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The key of one agent's texts: whoever drops it has deleted them, in every copy. Thread-safe.
///
/// The bytes are those that Tink's `AesGcmJce` writes and reads (nonce, ciphertext, tag), made by the JDK's cipher:
/// Tink keeps its own and its source of nonces in thread locals, which every virtual thread would make anew.
public final class DataKey {

    private static final int BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String VERSION = "1.";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String CIPHER = "AES/GCM/NoPadding";

    /// Named once: the search through all providers takes as long as opening a short text.
    private static final Provider PROVIDER = provider();

    private final byte[] bytes;

    /// @throws IllegalArgumentException when these are not 32 bytes
    DataKey(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a data key has " + BYTES + " bytes");
        }
        this.bytes = bytes.clone();
    }

    public static DataKey mint() {
        return new DataKey(random(BYTES));
    }

    /// Seals a field of an agent.
    public SealedText seal(AgentId agent, String field, String text) {
        try {
            byte[] nonce = random(NONCE_BYTES);
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, context(agent, field));
            byte[] plain = text.getBytes(StandardCharsets.UTF_8);
            byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(plain.length));
            int _ = cipher.doFinal(plain, 0, plain.length, sealed, NONCE_BYTES);
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
            if (body.length < NONCE_BYTES) {
                throw new IllegalArgumentException("too short");
            }
            byte[] nonce = Arrays.copyOf(body, NONCE_BYTES);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, context(agent, field));
            byte[] plain = cipher.doFinal(body, NONCE_BYTES, body.length - NONCE_BYTES);
            return new String(plain, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException wrong) {
            throw new UnreadableException("sealed " + field + " of " + agent + " cannot be opened");
        }
    }

    byte[] bytes() {
        return bytes.clone();
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER, PROVIDER);
        cipher.init(mode, new SecretKeySpec(bytes, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
        return cipher;
    }

    private static Provider provider() {
        try {
            return Cipher.getInstance(CIPHER).getProvider();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK lacks AES-GCM", impossible);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static byte[] context(AgentId agent, String field) {
        return (VERSION + agent + "\n" + field).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "DataKey[redacted]";
    }
}
