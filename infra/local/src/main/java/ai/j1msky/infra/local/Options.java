package ai.j1msky.infra.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Command-line options of the form `--name value`.
final class Options {

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /// @throws UsageException on anything that is not an option followed by its value
    static Options parse(List<String> arguments) {
        Map<String, String> values = new HashMap<>();
        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String name = rest.removeFirst();
            if (!name.startsWith("--") || rest.isEmpty()) {
                throw new UsageException(
                        name.startsWith("--") ? name + " needs a value" : "unexpected: " + name);
            }
            values.put(name.substring(2), rest.removeFirst());
        }
        return new Options(values);
    }

    String required(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new UsageException("--" + name + " is missing");
        }
        return value;
    }

    @Nullable String optional(String name) {
        return values.get(name);
    }

    String orElse(String name, String fallback) {
        return values.getOrDefault(name, fallback);
    }

    int number(String name, int fallback) {
        String value = values.get(name);
        try {
            return value == null ? fallback : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new UsageException("--" + name + " must be a number, not " + value);
        }
    }
}
