package ai.j1msky.infra.testkit.model;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a prompt asks of the model server, so that a test can steer it through the whole product.
///
///     directives = "[[" to ": " *( name [ "=" value ] " " ) "]]"  ; anywhere in the prompt, any number of times
///     to         = "model" / "anthropic" / "openai"               ; whoever is called, or only on that wire
///     marker     = "[[agent-marker:" text "]]"                    ; carried into the log
///
/// | Directive | Effect |
/// |---|---|
/// | `delay=2s` | wait before the headers |
/// | `tokens=120` | an answer of that many words, cut at the request's cap |
/// | `json={…}` | the rest of the block is the answer's text |
/// | `size=50m`, `one-line=1m` | an answer of that many bytes, in pieces of 16 KiB or as one event |
/// | `chunks=5`, `pace=100ms` | text events of the answer, and the wait before each |
/// | `status=429`, `retry-after=2`, `times=3` | refuse, with that header, the first three calls of this prompt only |
/// | `hang=before-headers`, `hang=after-headers`, `hang=mid-stream` | fall silent until the client goes |
/// | `cut-after=3` | end the connection, but not the body, after three text events |
/// | `refusal` | end the answer with the wire's word for a model that declines |
/// | `no-end` | end the answer properly but without the wire's last event |
/// | `linger` | send the wire's last event, then keep the connection open |
/// | `error-event`, `malformed`, `bad-utf8` | what stands in place of the second text event |
/// | `no-usage`, `usage=-5` | leave the token counts out, or send this literally |
/// | `input-usage=7`, `output-usage=7` | send this literally as the one count |
/// | `drip=1/s` | the stream one byte at a time, so many a second |
/// | `gzip-bomb` | 256 MiB of spaces as a gzip body nobody asked for |
/// | `content-length-lie` | announce more bytes than are sent |
record Directives(Map<String, String> values, @Nullable String marker) {

    private static final Pattern BLOCK =
            Pattern.compile("\\[\\[(model|anthropic|openai):(.*?)\\]\\](?!\\])", Pattern.DOTALL);
    private static final Pattern MARKER = Pattern.compile("\\[\\[agent-marker:(.*?)\\]\\]");
    private static final Pattern SIZE = Pattern.compile("(\\d+)([km]?)");
    private static final Pattern LENGTH = Pattern.compile("(\\d+)(ms|s|m)");

    /// @param wire the name of the wire on which the prompt came
    static Directives in(String prompt, String wire) {
        Map<String, String> values = new HashMap<>();
        Matcher block = BLOCK.matcher(prompt);
        while (block.find()) {
            if (block.group(1).equals("model") || block.group(1).equals(wire)) {
                read(block.group(2).strip(), values);
            }
        }
        Matcher marker = MARKER.matcher(prompt);
        return new Directives(Map.copyOf(values), marker.find() ? marker.group(1) : null);
    }

    private static void read(String block, Map<String, String> values) {
        int literal = block.indexOf("json=");
        if (literal >= 0) {
            values.put("json", block.substring(literal + "json=".length()));
        }
        String words = literal >= 0 ? block.substring(0, literal) : block;
        for (String word : words.strip().split("\\s+", -1)) {
            int equals = word.indexOf('=');
            values.put(
                    equals < 0 ? word : word.substring(0, equals),
                    equals < 0 ? "" : word.substring(equals + 1));
        }
    }

    /// The prompt as a person wrote it, without anything meant for this server.
    static String plain(String prompt) {
        return MARKER.matcher(BLOCK.matcher(prompt).replaceAll(" ")).replaceAll(" ").strip();
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    boolean is(String name, String value) {
        return value.equals(values.get(name));
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    int number(String name, int otherwise) {
        return text(name).map(Integer::parseInt).orElse(otherwise);
    }

    Duration duration(String name) {
        return text(name).map(Directives::length).orElse(Duration.ZERO);
    }

    /// A number of bytes such as `512`, `64k`, `50m`.
    Optional<Integer> bytes(String name) {
        return text(name)
                .map(
                        written -> {
                            Matcher size = matched(SIZE, written);
                            int unit =
                                    switch (size.group(2)) {
                                        case "m" -> 1 << 20;
                                        case "k" -> 1 << 10;
                                        default -> 1;
                                    };
                            return Math.multiplyExact(Integer.parseInt(size.group(1)), unit);
                        });
    }

    /// Bytes a second, written `1/s`; 0 means as fast as possible.
    int dripPerSecond() {
        return text("drip").map(rate -> Integer.parseInt(rate.replace("/s", ""))).orElse(0);
    }

    private static Duration length(String written) {
        Matcher length = matched(LENGTH, written.toLowerCase(Locale.ROOT));
        long amount = Long.parseLong(length.group(1));
        return switch (length.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    private static Matcher matched(Pattern pattern, String written) {
        Matcher matcher = pattern.matcher(written);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not understood: " + written);
        }
        return matcher;
    }
}
