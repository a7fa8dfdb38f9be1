package ai.j1msky.gateway;

import ai.j1msky.common.seal.MasterKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The one master key of all tests.
public final class TestKeys {

    /// Its file, as a gateway is given it.
    public static final Path KEYSET = create();

    public static final MasterKey MASTER = load();

    private TestKeys() {}

    private static Path create() {
        try {
            Path directory = Files.createTempDirectory("j1msky-gateway-test-");
            Path keyset = directory.resolve("master.keyset");
            MasterKey.create(keyset);
            // Opens what a test wraps with it.
            MasterKey.addKey(keyset);
            directory.toFile().deleteOnExit();
            keyset.toFile().deleteOnExit();
            return keyset;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static MasterKey load() {
        try {
            return MasterKey.load(KEYSET);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
