package ai.j1msky.gateway.request;

import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.web.reactive.function.server.ServerRequest;

/// A request's query parameters, read as strictly as a body: known names only, each at most once.
public final class Query {

    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");

    private final Map<String, List<String>> parameters;

    public Query(ServerRequest request, Set<String> known) {
        this.parameters = request.queryParams();
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            if (!known.contains(parameter.getKey())) {
                throw wrong(
                        "Unknown query parameter; known here: "
                                + (known.isEmpty() ? "none" : String.join(", ", sorted(known)))
                                + ".");
            }
            if (parameter.getValue().size() > 1) {
                throw wrong(parameter.getKey() + " is given more than once.");
            }
        }
    }

    public Optional<String> text(String name) {
        List<String> values = parameters.get(name);
        // A name without a value reads as null.
        return values == null || values.isEmpty()
                ? Optional.empty()
                : Optional.of(Optional.ofNullable(values.getFirst()).orElse(""));
    }

    /// Text of at most `to` characters (Unicode code points).
    public Optional<String> text(String name, int to) {
        Optional<String> text = text(name);
        if (text.isPresent() && text.get().codePointCount(0, text.get().length()) > to) {
            throw wrong(name + " must have at most " + to + " characters.");
        }
        return text;
    }

    public int whole(String name, int from, int to, int otherwise) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (WHOLE.matcher(text.get()).matches()) {
            int value = Integer.parseInt(text.get());
            if (value >= from && value <= to) {
                return value;
            }
        }
        throw wrong(name + " must be a whole number from " + from + " to " + to + ".");
    }

    /// A day of the calendar, for example `2026-11-26`.
    public Optional<LocalDate> day(String name) {
        return text(name).map(text -> day(name, text));
    }

    private static LocalDate day(String name, String text) {
        try {
            LocalDate day = LocalDate.parse(text);
            if (day.getYear() >= 1970 && day.getYear() <= 9999) {
                return day;
            }
        } catch (DateTimeParseException notOne) {
            // As any other wrong value.
        }
        throw wrong(name + " must be a day such as 2026-11-26.");
    }

    public Optional<String> oneOf(String name, Collection<String> allowed) {
        Optional<String> text = text(name);
        if (text.isPresent() && !allowed.contains(text.get())) {
            throw wrong(name + " must be one of " + String.join(", ", allowed) + ".");
        }
        return text;
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    private static ProblemException wrong(String sentence) {
        return ProblemException.of(Problem.MALFORMED, sentence);
    }
}
