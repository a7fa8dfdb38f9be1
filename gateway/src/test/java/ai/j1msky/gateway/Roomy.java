package ai.j1msky.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A `config.json` with so much room that tests of other things never meet a limit.
public final class Roomy {

    public static final String CONFIG =
            """
            {"limits": {"POST /spawn": {"limit": 1000000}, "GET /agent": {"limit": 1000000},
                        "GET /agents": {"limit": 1000000}, "GET /system": {"limit": 1000000},
                        "default": {"limit": 1000000}, "ip": {"limit": 1000000}},
             "providers": {"anthropic": {"hourly": 0}, "kimi": {"hourly": 0}},
             "budgets": {"daily": 1000000, "monthly": 1000000, "spike_per_hour": 1000000}}
            """;

    private Roomy() {}

    /// The argument that makes a gateway use it.
    public static String argument() {
        try {
            Path file = Files.createTempFile("j1msky-roomy-", ".json");
            file.toFile().deleteOnExit();
            return "--j1msky.config=" + Files.writeString(file, CONFIG);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
