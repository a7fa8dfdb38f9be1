package ai.j1msky.bench;

import ai.j1msky.bench.measure.Effort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The command line of the bench.
///
/// @param checkout where `infra/j1msky` is
/// @param brief whether to prove only that it runs
/// @param floorsOnly whether to measure the floors without the product
/// @param json where to write the report as JSON too; null for nowhere
/// @param seconds counted time of each load; 0 for the default
/// @param connections of each load; 0 for the default
record BenchOptions(
        Path checkout,
        boolean brief,
        boolean floorsOnly,
        @Nullable Path json,
        int seconds,
        int connections) {

    static final String USAGE =
            """
            usage: j1msky bench [--short] [--json FILE] [--seconds N] [--connections N] [--floors-only]
              --short        about 40 s, only to see that it runs
              --json FILE    write the report as JSON too
              --seconds N    counted time of each load, 1 to 600 (default 5; with --short 1)
              --connections N  keep-alive connections of each load, 1 to 1000 (default 64; with --short 8)
              --floors-only  measure what raw Reactor Netty reaches here, without the product""";

    private static final int SECONDS = 5;
    private static final int BRIEF_SECONDS = 1;
    private static final int CONNECTIONS = 64;
    private static final int BRIEF_CONNECTIONS = 8; // a cold and busy machine must not be refused

    /// @throws IllegalArgumentException with a sentence for the person at the terminal
    static BenchOptions parse(List<String> arguments) {
        Deque<String> words = new ArrayDeque<>(arguments);
        BenchOptions options = new BenchOptions(Path.of("."), false, false, null, 0, 0);
        while (!words.isEmpty()) {
            options = options.with(words.pop(), words);
        }
        return options;
    }

    Effort effort() {
        if (brief) {
            return Effort.brief(orElse(connections, BRIEF_CONNECTIONS), measured(BRIEF_SECONDS));
        }
        return Effort.full(orElse(connections, CONNECTIONS), measured(SECONDS));
    }

    private Duration measured(int usual) {
        return Duration.ofSeconds(orElse(seconds, usual));
    }

    private static int orElse(int given, int usual) {
        return given > 0 ? given : usual;
    }

    private BenchOptions with(String option, Deque<String> rest) {
        return switch (option) {
            case "--checkout" -> {
                Path path = Path.of(value(option, rest)).toAbsolutePath().normalize();
                yield new BenchOptions(path, brief, floorsOnly, json, seconds, connections);
            }
            case "--short" ->
                    new BenchOptions(checkout, true, floorsOnly, json, seconds, connections);
            case "--floors-only" ->
                    new BenchOptions(checkout, brief, true, json, seconds, connections);
            case "--json" -> {
                Path file = Path.of(value(option, rest));
                yield new BenchOptions(checkout, brief, floorsOnly, file, seconds, connections);
            }
            case "--seconds" -> {
                int number = number(option, rest, 600);
                yield new BenchOptions(checkout, brief, floorsOnly, json, number, connections);
            }
            case "--connections" -> {
                int number = number(option, rest, 1000);
                yield new BenchOptions(checkout, brief, floorsOnly, json, seconds, number);
            }
            default -> throw new IllegalArgumentException("unknown option " + option);
        };
    }

    private static String value(String option, Deque<String> rest) {
        String value = rest.poll();
        if (value == null) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return value;
    }

    private static int number(String option, Deque<String> rest, int most) {
        String value = value(option, rest);
        try {
            int number = Integer.parseInt(value);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Answered like any other value out of range.
        }
        throw new IllegalArgumentException(option + " must be a number from 1 to " + most);
    }
}
