package ai.j1msky.infra.local;

import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.config.ConfigException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What must be there before the first process starts: a sound configuration, a Redis that runs, the master key.
final class Preparation {

    private final Path data;
    private final Map<String, String> variables;

    /// @param variables the environment
    Preparation(Path data, Map<String, String> variables) {
        this.data = data;
        this.variables = variables;
    }

    /// @return the Redis binary to start
    /// @throws UsageException when the configuration, the data or the machine will not do
    /// @throws UncheckedIOException when the data directory cannot be written
    Path run(@Nullable Path config) {
        check(config);
        Path redis = RedisBinary.locate(data.resolve("bin"));
        // Last: whoever is told of a new key must not lose it to a refusal.
        MasterKeyFile master = new MasterKeyFile(data);
        if (master.ensure()) {
            System.err.printf(
                    """
                    Created the master key %s.
                    Whoever has this file can read every task and result; without it none of them can be read again.
                    Keep a copy of it somewhere safe.
                    """,
                    master.path());
        }
        return redis;
    }

    private void check(@Nullable Path config) {
        try {
            AgencyConfig _ = AgencyConfig.load(config, variables);
        } catch (ConfigException e) {
            throw new UsageException(String.join("\n", e.mistakes()));
        }
    }
}
