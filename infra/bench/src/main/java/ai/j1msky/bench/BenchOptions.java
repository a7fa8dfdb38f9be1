package ai.j1msky.bench;

import ai.j1msky.bench.measure.Effort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The command line of the bench.
///
/// @param checkout where `infra/j1msky` is
/// @param brief whether to prove only that it runs
/// @param floorsOnly whether to measure the floors without the product
/// @param moneyOnly whether to measure only what money costs
/// @param clusterOnly whether to measure only how several workers share work out
/// @param webhooksOnly whether to measure only what the notifier can do
/// @param json where to write the report as JSON too; null for nowhere
/// @param seconds counted time of each load; 0 for the default
/// @param connections of each load; 0 for the default
/// @param hostileSeconds how long to be hostile instead of measuring speed; 0 for not at all
record BenchOptions(
        Path checkout,
        boolean brief,
        boolean floorsOnly,
        boolean moneyOnly,
        boolean clusterOnly,
        boolean webhooksOnly,
        @Nullable Path json,
        int seconds,
        int connections,
        int hostileSeconds) {

    static final String USAGE =
            """
            usage: j1msky bench [--short] [--json FILE] [--seconds N] [--connections N] [--floors-only]
                          [--money] [--cluster] [--webhooks] [--hostile N]
              --short        about a minute, only to see that it runs
              --json FILE    write the report as JSON too
              --seconds N    counted time of each load, 1 to 600 (default 5; with --short 1; of webhooks 60 and 5)
              --connections N  keep-alive connections of each load, 1 to 1000 (default 64; with --short 8)
              --floors-only  measure what raw Reactor Netty reaches here, without the product
              --money        measure what money costs, and nothing else
              --cluster      measure how several workers share work out, and nothing else
              --webhooks     measure what the notifier can do, and nothing else
              --hostile N    instead, N seconds (10 to 3600) of clients that mean ill, beside some that do not""";

    private static final int SECONDS = 5;
    private static final int BRIEF_SECONDS = 1;
    private static final int WEBHOOK_SECONDS = 60;
    private static final int BRIEF_WEBHOOK_SECONDS = 5;
    private static final int CONNECTIONS = 64;
    private static final int BRIEF_HOSTILE_SECONDS = 10;
    private static final int BRIEF_CONNECTIONS = 8; // a cold and busy machine must not be refused

    /// @throws IllegalArgumentException with a sentence for the person at the terminal
    static BenchOptions parse(List<String> arguments) {
        Map<String, String> given = new HashMap<>();
        Iterator<String> words = arguments.iterator();
        while (words.hasNext()) {
            String option = words.next();
            String value =
                    switch (option) {
                        case "--short", "--floors-only", "--money", "--cluster", "--webhooks" -> "";
                        case "--checkout", "--json", "--seconds", "--connections", "--hostile" -> {
                            if (!words.hasNext()) {
                                throw new IllegalArgumentException(option + " needs a value");
                            }
                            yield words.next();
                        }
                        default -> throw new IllegalArgumentException("unknown option " + option);
                    };
            given.put(option, value);
        }
        String json = given.get("--json");
        return new BenchOptions(
                Path.of(given.getOrDefault("--checkout", ".")).toAbsolutePath().normalize(),
                given.containsKey("--short"),
                given.containsKey("--floors-only"),
                given.containsKey("--money"),
                given.containsKey("--cluster"),
                given.containsKey("--webhooks"),
                json == null ? null : Path.of(json),
                number(given, "--seconds", 1, 600),
                number(given, "--connections", 1, 1000),
                number(given, "--hostile", 10, 3600));
    }

    Effort effort() {
        if (brief) {
            return Effort.brief(orElse(connections, BRIEF_CONNECTIONS), measured(BRIEF_SECONDS));
        }
        return Effort.full(orElse(connections, CONNECTIONS), measured(SECONDS));
    }

    boolean hostileOnly() {
        return hostileSeconds > 0;
    }

    /// How long to be hostile; zero for not at all.
    Duration hostile() {
        return Duration.ofSeconds(orElse(hostileSeconds, brief ? BRIEF_HOSTILE_SECONDS : 0));
    }

    /// How long webhooks are sent.
    Duration webhooks() {
        return measured(brief ? BRIEF_WEBHOOK_SECONDS : WEBHOOK_SECONDS);
    }

    private Duration measured(int usual) {
        return Duration.ofSeconds(orElse(seconds, usual));
    }

    private static int orElse(int given, int usual) {
        return given > 0 ? given : usual;
    }

    /// That option's number; 0 when it was not given.
    private static int number(Map<String, String> given, String option, int least, int most) {
        String value = given.get(option);
        if (value == null) {
            return 0;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Answered like any other value out of range.
        }
        throw new IllegalArgumentException(
                option + " must be a number from " + least + " to " + most);
    }
}
