package ai.j1msky.worker.http;

import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelFailure.Kind;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the JSON in an event's data.
public final class EventJson {

    /// Takes `NaN` too, so that an absurd token count costs the count and not the answer.
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private EventJson() {}

    /// The event's data, which must be one JSON object.
    ///
    /// @throws ModelFailure of kind [Kind#PROVIDER_STREAM]; it never quotes the data
    public static JsonNode of(ServerSentEvent event) throws ModelFailure {
        try {
            JsonNode data = JSON.readTree(event.data());
            if (data.isObject()) {
                return data;
            }
        } catch (JacksonException malformed) {
            // Not kept as the cause: its message quotes the answer.
        }
        throw new ModelFailure(Kind.PROVIDER_STREAM, "The provider's stream is malformed.");
    }
}
