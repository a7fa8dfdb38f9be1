package ai.j1msky.infra.testkit.model;

import java.util.Map;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One provider protocol: how a call is read, and what each part of an answer looks like as text on the wire.
sealed interface ModelWire permits AnthropicWire, OpenAiWire {

    /// Quotes text for the templates of the wires.
    JsonMapper JSON = JsonMapper.builder().build();

    /// The same, with every other character escaped.
    JsonMapper ASCII = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    String name();

    /// Where calls are posted.
    String path();

    /// Whether the request carries a key in this wire's way.
    ///
    /// @param headers with names in lower case
    boolean hasKey(Map<String, String> headers);

    /// Understands a request's body.
    ///
    /// @throws IllegalArgumentException if the real provider would refuse the request with 400
    ModelRequest read(Map<String, String> headers, JsonNode body);

    /// The body that goes with an error status.
    String error(int status);

    /// The events before the first text.
    String opening(ModelRequest request, ScriptedAnswer answer, boolean usage);

    /// Whether the events before the first text tell the input tokens.
    boolean tellsInputFirst();

    /// One event with a piece of the text.
    String delta(ModelRequest request, String piece);

    /// The events between the last text and the last event: why it stopped, and usage.
    String closing(ModelRequest request, ScriptedAnswer answer, boolean usage);

    /// The event without which an answer is not complete.
    String last();

    /// An error after status 200.
    String errorEvent();

    /// An answer that was not asked to be streamed.
    String whole(ModelRequest request, ScriptedAnswer answer, boolean usage);

    /// The text as a JSON string; half a surrogate pair at an end is escaped, as UTF-8 cannot carry it.
    static String quoted(String text) {
        boolean half =
                !text.isEmpty()
                        && (Character.isLowSurrogate(text.charAt(0))
                                || Character.isHighSurrogate(text.charAt(text.length() - 1)));
        return (half ? ASCII : JSON).writeValueAsString(text);
    }
}
