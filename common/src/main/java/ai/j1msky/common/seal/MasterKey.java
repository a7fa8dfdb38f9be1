package ai.j1msky.common.seal;

import ai.j1msky.common.id.AgentId;
import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The key that wraps data keys and other small secrets: a Tink keyset of AES-256-GCM keys in a file of mode 0600, or in
/// an environment variable. Whoever has it can read every text, and without it none can be read. Thread-safe.
///
/// New things are sealed with the keyset's primary key; what any of its keys has sealed is opened. So it is rotated in two
/// steps ([#addKey], [#promoteNewest]): when the newer key is used, every process has it already.
public final class MasterKey {

    private static final Logger log = LoggerFactory.getLogger(MasterKey.class);
    private static final String VERSION = "1.";
    private static final String DATA_KEY = "data-key\n";
    private static final String FILE_NAME = "master.keyset";

    /// How often a process looks whether the file has changed.
    public static final Duration LOOKS_EVERY = Duration.ofSeconds(2);

    /// Where processes are told to find it.
    public static final String FILE_VARIABLE = "J1MSKY_MASTER_KEYSET";

    /// What may hold the keyset itself instead.
    public static final String KEYSET_VARIABLE = "J1MSKY_MASTER_KEYSET_JSON";

    private volatile Loaded loaded;

    private MasterKey(Loaded loaded) {
        this.loaded = loaded;
    }

    /// @param primary how ciphertexts of the primary key begin
    private record Loaded(KeysetHandle keyset, Aead aead, ByteBuffer primary) {
        static Loaded of(KeysetHandle keyset) throws GeneralSecurityException {
            byte[] prefix =
                    ((AesGcmKey) keyset.getPrimary().getKey()).getOutputPrefix().toByteArray();
            return new Loaded(
                    keyset,
                    keyset.getPrimitive(AeadConfig2026.get(), Aead.class),
                    ByteBuffer.wrap(prefix));
        }
    }

    /// Finds the keyset as services do: what was given itself, the file that was named, `master.keyset` among the
    /// credentials that systemd hands over, or that file where the process was started. A file is read again when it has
    /// changed.
    ///
    /// @param keyset the keyset ([#KEYSET_VARIABLE]), or null or blank
    /// @param named its file ([#FILE_VARIABLE]), or null or blank
    /// @throws IOException with a sentence, when there is none or it is no keyset
    public static MasterKey find(@Nullable String keyset, @Nullable String named)
            throws IOException {
        if (keyset != null && !keyset.isBlank()) {
            return new MasterKey(parse(keyset, KEYSET_VARIABLE));
        }
        String credentials = System.getenv("CREDENTIALS_DIRECTORY");
        Path file =
                named != null && !named.isBlank()
                        ? Path.of(named)
                        : Path.of(credentials == null ? "" : credentials, FILE_NAME);
        if (Files.notExists(file)) {
            throw new IOException(
                    "There is no master key at %s: name its file in %s, or put the keyset into %s."
                            .formatted(file, FILE_VARIABLE, KEYSET_VARIABLE));
        }
        MasterKey master = load(file);
        master.follow(file);
        return master;
    }

    /// Reads the keyset of a file, once.
    ///
    /// @throws IOException when the file cannot be read or holds no keyset
    public static MasterKey load(Path file) throws IOException {
        return new MasterKey(parse(Files.readString(file), file.toString()));
    }

    private static Loaded parse(String json, String place) throws IOException {
        try {
            return Loaded.of(
                    TinkJsonProtoKeysetFormat.parseKeyset(
                            json, AeadConfig2026.get(), InsecureSecretKeyAccess.get()));
        } catch (GeneralSecurityException | ClassCastException malformed) {
            throw new IOException("no Tink keyset of AES-GCM keys in " + place, malformed);
        }
    }

    private void follow(Path file) throws IOException {
        warnIfOthersMayRead(file);
        FileTime known = Files.getLastModifiedTime(file);
        Thread.ofPlatform().name("master-key").daemon().start(() -> follow(file, known));
    }

    private void follow(Path file, FileTime known) {
        FileTime seen = known;
        boolean complained = false;
        while (true) {
            LockSupport.parkNanos(LOOKS_EVERY.toNanos());
            try {
                FileTime now = Files.getLastModifiedTime(file);
                if (!now.equals(seen)) {
                    loaded = parse(Files.readString(file), file.toString());
                    seen = now;
                    log.atInfo()
                            .addKeyValue("keys", loaded.keyset.size())
                            .log("master key read again");
                }
                complained = false;
            } catch (IOException notNow) {
                // What was read before holds until there is a keyset again.
                if (!complained) {
                    log.atWarn().addKeyValue("file", file).log("master key's file cannot be read");
                }
                complained = true;
            }
        }
    }

    private static void warnIfOthersMayRead(Path file) throws IOException {
        boolean others =
                Files.getPosixFilePermissions(file).stream()
                        .anyMatch(p -> p.name().startsWith("OTHERS_"));
        if (others) {
            log.atWarn().addKeyValue("file", file).log("others may read the master key: chmod 600");
        }
    }

    /// Writes a new keyset with one fresh key to a file that must not exist yet; only its owner may read it.
    public static void create(Path file) throws IOException {
        try {
            write(fresh(), file);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot make a keyset", impossible);
        }
    }

    /// Adds a fresh key to the keyset of a file. It seals nothing yet, and opens what others seal with it.
    public static void addKey(Path file) throws IOException {
        change(
                file,
                keyset ->
                        KeysetHandle.newBuilder(keyset)
                                .addEntry(KeysetHandle.importKey(fresh().getPrimary().getKey()))
                                .build());
    }

    private static KeysetHandle fresh() throws GeneralSecurityException {
        return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get());
    }

    /// Makes the key that was added last to the keyset of a file the one that seals.
    public static void promoteNewest(Path file) throws IOException {
        change(
                file,
                keyset -> {
                    KeysetHandle.Builder changed = KeysetHandle.newBuilder(keyset);
                    changed.getAt(changed.size() - 1).setStatus(KeyStatus.ENABLED).makePrimary();
                    return changed.build();
                });
    }

    private interface Change {
        KeysetHandle of(KeysetHandle keyset) throws GeneralSecurityException;
    }

    private static void change(Path file, Change change) throws IOException {
        Loaded before = parse(Files.readString(file), file.toString());
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            Files.deleteIfExists(partial);
            write(change.of(before.keyset), partial);
            Files.move(
                    partial,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot change the keyset", impossible);
        }
    }

    private static void write(KeysetHandle keyset, Path file)
            throws IOException, GeneralSecurityException {
        String json =
                TinkJsonProtoKeysetFormat.serializeKeyset(
                        keyset, AeadConfig2026.get(), InsecureSecretKeyAccess.get());
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, json, StandardOpenOption.WRITE);
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

    /// Whether it was wrapped with the key that seals now.
    public boolean isCurrent(WrappedKey wrapped) {
        ByteBuffer primary = loaded.primary;
        byte[] body = bytes(wrapped.value());
        return body.length >= primary.capacity()
                && ByteBuffer.wrap(body, 0, primary.capacity()).equals(primary.duplicate());
    }

    /// How many keys the keyset has, the primary one among them.
    public int keys() {
        return loaded.keyset.size();
    }

    /// What signs for this house; another one once another key is primary.
    public HouseSignature signature() {
        return HouseSignature.of(derived("house-signature\n1"));
    }

    /// A secret that all processes with this primary key share, for another purpose than sealing.
    @AccessesPartialKey
    private byte[] derived(String purpose) {
        AesGcmKey key = (AesGcmKey) loaded.keyset.getPrimary().getKey();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(
                    new SecretKeySpec(
                            key.getKeyBytes().toByteArray(InsecureSecretKeyAccess.get()),
                            "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK lacks HMAC", impossible);
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
            byte[] sealed = loaded.aead.encrypt(plain, context.getBytes(StandardCharsets.UTF_8));
            return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot seal", impossible);
        }
    }

    private byte[] open(String sealed, String context) {
        try {
            return loaded.aead.decrypt(bytes(sealed), context.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException wrong) {
            throw new UnreadableException("a wrapped key cannot be opened with this master key");
        }
    }

    private static byte[] bytes(String sealed) {
        if (!sealed.startsWith(VERSION)) {
            throw new UnreadableException("not sealed in version 1");
        }
        try {
            return Base64.getUrlDecoder().decode(sealed.substring(VERSION.length()));
        } catch (IllegalArgumentException noBase64) {
            throw new UnreadableException("a wrapped key cannot be opened with this master key");
        }
    }

    @Override
    public String toString() {
        return "MasterKey[redacted]";
    }
}
