package ai.j1msky.infra.local;

import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.config.ConfigException;
import ai.j1msky.common.seal.MasterKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/// What must be there before the first process starts: a sound configuration, the master key, a Redis that runs.
final class Preparation {

    private final Path data;

    Preparation(Path data) {
        this.data = data;
    }

    static Path masterKey(Path data) {
        return data.resolve("secrets").resolve("master.keyset");
    }

    /// @return the Redis binary to start
    /// @throws UsageException when the configuration or the machine will not do
    /// @throws UncheckedIOException when the data directory cannot be written
    Path run(@Nullable Path config) {
        if (config != null) {
            check(config);
        }
        Path master = masterKey(data);
        if (Files.notExists(master)) {
            create(master);
            System.err.printf(
                    """
                    Created the master key %s.
                    Whoever has this file can read every task and result; without it none of them can be read again.
                    Keep a copy of it somewhere safe.
                    """,
                    master);
        }
        return RedisBinary.locate(data.resolve("bin"));
    }

    private static void check(Path config) {
        try {
            AgencyConfig.load(config, System.getenv());
        } catch (ConfigException e) {
            throw new UsageException(String.join("\n", e.mistakes()));
        }
    }

    private static void create(Path master) {
        // Moved into place whole: a half-written key would end every later start.
        Path partial = master.resolveSibling("master.keyset.partial");
        try {
            Files.createDirectories(master.getParent());
            Files.deleteIfExists(partial);
            MasterKey.create(partial);
            Files.move(partial, master, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the master key " + master, e);
        }
    }
}
