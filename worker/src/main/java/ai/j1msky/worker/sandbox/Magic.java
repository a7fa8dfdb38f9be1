package ai.j1msky.worker.sandbox;

import ai.j1msky.worker.model.ModelFailure;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A task that makes the sandbox behave in a chosen way, so that integrators can test theirs.
///
///     magic = "sandbox:" name [ space argument ]
///
/// A task that starts with `sandbox:` is never answered as text: a form that is not known is [Malformed].
sealed interface Magic {

    /// `sandbox:echo TEXT` answers TEXT, byte for byte.
    record Echo(String text) implements Magic {}

    /// `sandbox:slow 30s` answers after that time.
    record Slow(Duration time) implements Magic {}

    /// `sandbox:tokens 5000` answers a text of that many tokens.
    record Tokens(int count) implements Magic {}

    /// `sandbox:fail` and `sandbox:fail CODE` fail with that public error code.
    record Fail(ModelFailure.Kind kind) implements Magic {}

    /// `sandbox:rate-limit` and `sandbox:rate-limit 5s` fail as a provider that wants to be left alone that long.
    record RateLimit(Duration retryAfter) implements Magic {}

    /// Anything else that starts with `sandbox:`; `rightForm` says what was expected.
    record Malformed(String rightForm) implements Magic {}

    /// The longest `sandbox:slow` and `sandbox:rate-limit`, which is also an agent's longest timeout.
    Duration LONGEST = Duration.ofHours(1);

    /// The longest `sandbox:tokens`, which is 1 MiB of text.
    int MOST_TOKENS = 262_144;

    /// Reads a task; empty when it is not a magic input.
    static Optional<Magic> parse(String task) {
        String text = task.stripLeading();
        if (!text.startsWith("sandbox:")) {
            return Optional.empty();
        }
        String rest = text.substring("sandbox:".length());
        int end = 0;
        while (end < rest.length() && !Character.isWhitespace(rest.charAt(end))) {
            end++;
        }
        String argument = end < rest.length() ? rest.substring(end + 1) : "";
        return Optional.of(
                switch (rest.substring(0, end)) {
                    case "echo" -> argument.isEmpty() ? wrong("echo TEXT") : new Echo(argument);
                    case "slow" -> slow(argument.strip());
                    case "tokens" -> tokens(argument.strip());
                    case "fail" -> fail(argument.strip());
                    case "rate-limit" -> rateLimit(argument.strip());
                    default ->
                            wrong(
                                    "echo, sandbox:fail, sandbox:rate-limit, sandbox:slow or sandbox:tokens");
                });
    }

    private static Magic slow(String argument) {
        return duration(argument)
                .<Magic>map(Slow::new)
                .orElseGet(() -> wrong("slow 30s (500ms, 30s or 5m, at most 1 hour)"));
    }

    private static Magic rateLimit(String argument) {
        return duration(argument.isEmpty() ? "30s" : argument)
                .<Magic>map(RateLimit::new)
                .orElseGet(() -> wrong("rate-limit or sandbox:rate-limit 5s (at most 1 hour)"));
    }

    private static Magic tokens(String argument) {
        if (argument.matches("[0-9]{1,6}")) {
            int count = Integer.parseInt(argument);
            if (count >= 1 && count <= MOST_TOKENS) {
                return new Tokens(count);
            }
        }
        return wrong("tokens 5000 (1 to " + MOST_TOKENS + ")");
    }

    private static Magic fail(String argument) {
        if (argument.isEmpty()) {
            return new Fail(ModelFailure.Kind.SANDBOX_FAILED);
        }
        String code = argument.toLowerCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
        return Arrays.stream(ModelFailure.Kind.values())
                .filter(kind -> kind != ModelFailure.Kind.STOPPED && kind.code().equals(code))
                .findFirst()
                .<Magic>map(Fail::new)
                .orElseGet(() -> wrong("fail or sandbox:fail CODE with one of " + failureCodes()));
    }

    private static String failureCodes() {
        return Arrays.stream(ModelFailure.Kind.values())
                .filter(kind -> kind != ModelFailure.Kind.STOPPED)
                .map(ModelFailure.Kind::code)
                .collect(Collectors.joining(", "));
    }

    private static Optional<Duration> duration(String text) {
        Matcher matcher = Pattern.compile("([0-9]{1,7})(ms|s|m)").matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(matcher.group(1));
        Duration duration =
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    default -> Duration.ofMinutes(amount);
                };
        return duration.compareTo(LONGEST) > 0 ? Optional.empty() : Optional.of(duration);
    }

    private static Malformed wrong(String rightForm) {
        return new Malformed("sandbox:" + rightForm);
    }
}
