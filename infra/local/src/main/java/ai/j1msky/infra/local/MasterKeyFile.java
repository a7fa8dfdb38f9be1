package ai.j1msky.infra.local;

import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.UnreadableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The master key of a data directory, and the check that it belongs to the data.
///
/// The check is a constant that the key has sealed. It lies with the data it was made for, so it also comes back with
/// a backup of them; it holds no secret.
final class MasterKeyFile {

    private static final String CHECK = "master-key-check";

    private final Path keyset;
    private final Path kafka;

    /// @param data the launcher's data directory
    MasterKeyFile(Path data) {
        this.keyset = data.resolve("secrets").resolve("master.keyset");
        this.kafka = data.resolve("kafka");
    }

    /// Creates the key where there are no data yet.
    ///
    /// @return whether it is a new one
    /// @throws UsageException when the data there were sealed with a key that is missing, or with another one
    /// @throws UncheckedIOException when a file cannot be read or written
    boolean ensure() {
        boolean missing = Files.notExists(keyset);
        if (missing && (Files.exists(check()) || Files.exists(kafka.resolve("meta.properties")))) {
            throw new UsageException(
                    "The master key %s is missing and nothing can be read without it: put it back from your backup."
                            .formatted(keyset));
        }
        if (missing) {
            create();
        }
        if (Files.notExists(check())) {
            PrivateFile.write(check(), load().sealSecret(CHECK, CHECK) + "\n");
        } else if (!fits(load())) {
            throw new UsageException(
                    "The master key %s is not the one that sealed the data in %s: put that one back from your backup."
                            .formatted(keyset, kafka));
        }
        return missing;
    }

    /// @throws UncheckedIOException when it cannot be read
    MasterKey load() {
        try {
            return MasterKey.load(keyset);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the master key", e);
        }
    }

    /// Adds a key that seals nothing yet.
    ///
    /// @throws UncheckedIOException when the file cannot be read or written
    void addKey() {
        try {
            MasterKey.addKey(keyset);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot change the master key " + keyset, e);
        }
    }

    /// Makes the newest key the one that seals.
    ///
    /// @throws UncheckedIOException when the file cannot be read or written
    void promote() {
        try {
            MasterKey.promoteNewest(keyset);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot change the master key " + keyset, e);
        }
    }

    Path path() {
        return keyset;
    }

    private boolean fits(MasterKey master) {
        try {
            return master.openSecret(PrivateFile.read(check()), CHECK).equals(CHECK);
        } catch (UnreadableException another) {
            return false;
        }
    }

    private Path check() {
        return kafka.resolve(CHECK);
    }

    private void create() {
        // Moved into place whole: a half-written key would end every later start.
        Path partial = keyset.resolveSibling("master.keyset.partial");
        try {
            Files.createDirectories(keyset.getParent());
            Files.deleteIfExists(partial);
            MasterKey.create(partial);
            Files.move(partial, keyset, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the master key " + keyset, e);
        }
    }
}
