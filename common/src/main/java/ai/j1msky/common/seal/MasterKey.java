package ai.j1msky.common.seal;

import ai.j1msky.common.id.AgentId;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Base64;

/// The key that wraps data keys and other small secrets: a Tink keyset of AES-256-GCM keys in a file of mode 0600.
/// Whoever has the file can read every text, and without it none can be read. Thread-safe.
public final class MasterKey {

    private static final String VERSION = "1.";
    private static final String DATA_KEY = "data-key\n";

    private final Aead aead;

    private MasterKey(Aead aead) {
        this.aead = aead;
    }

    /// Reads the keyset of a file.
    ///
    /// @throws IOException when the file cannot be read or holds no keyset
    public static MasterKey load(Path file) throws IOException {
        try {
            KeysetHandle keyset =
                    TinkJsonProtoKeysetFormat.parseKeyset(
                            Files.readString(file),
                            AeadConfig2026.get(),
                            InsecureSecretKeyAccess.get());
            return new MasterKey(keyset.getPrimitive(AeadConfig2026.get(), Aead.class));
        } catch (GeneralSecurityException malformed) {
            throw new IOException("no Tink keyset in " + file, malformed);
        }
    }

    /// Writes a new keyset with one fresh key to a file that must not exist yet; only its owner may read it.
    public static void create(Path file) throws IOException {
        try {
            KeysetHandle keyset =
                    KeysetHandle.generateNew(
                            PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get());
            String json =
                    TinkJsonProtoKeysetFormat.serializeKeyset(
                            keyset, AeadConfig2026.get(), InsecureSecretKeyAccess.get());
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, json, StandardOpenOption.WRITE);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot make a keyset", impossible);
        }
    }

    public WrappedKey wrap(DataKey key, AgentId agent) {
        return new WrappedKey(seal(key.bytes(), DATA_KEY + agent));
    }

    /// @throws UnreadableException when it was wrapped with a key that is not in the set, or for another agent
    public DataKey unwrap(WrappedKey wrapped, AgentId agent) {
        try {
            return new DataKey(open(wrapped.value(), DATA_KEY + agent));
        } catch (IllegalArgumentException wrongLength) {
            throw new UnreadableException("the data key of " + agent + " has a wrong length");
        }
    }

    /// Seals a small secret, bound to its place, in the format of [WrappedKey].
    ///
    /// @param context where it stands, for example `api-secret\nkey_…`
    public String sealSecret(String secret, String context) {
        return seal(secret.getBytes(StandardCharsets.UTF_8), context);
    }

    /// Opens what [#sealSecret] sealed for the same place.
    ///
    /// @throws UnreadableException when it was sealed with a key that is not in the set, or for another place
    public String openSecret(String sealed, String context) {
        return new String(open(sealed, context), StandardCharsets.UTF_8);
    }

    private String seal(byte[] plain, String context) {
        try {
            byte[] sealed = aead.encrypt(plain, context.getBytes(StandardCharsets.UTF_8));
            return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot seal", impossible);
        }
    }

    private byte[] open(String sealed, String context) {
        try {
            if (!sealed.startsWith(VERSION)) {
                throw new UnreadableException("not sealed in version 1");
            }
            byte[] body = Base64.getUrlDecoder().decode(sealed.substring(VERSION.length()));
            return aead.decrypt(body, context.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | IllegalArgumentException wrong) {
            throw new UnreadableException("a wrapped key cannot be opened with this master key");
        }
    }

    @Override
    public String toString() {
        return "MasterKey[redacted]";
    }
}
