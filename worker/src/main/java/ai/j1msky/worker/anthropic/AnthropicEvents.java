package ai.j1msky.worker.anthropic;

import ai.j1msky.worker.http.AnswerSoFar;
import ai.j1msky.worker.http.EventJson;
import ai.j1msky.worker.http.WireEvents;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelFailure.Kind;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import tools.jackson.databind.JsonNode;

/// Reads the events of Anthropic's Messages API.
///
/// `message_start` tells the input tokens, `message_delta` the final count of both and why the model stopped,
/// `message_stop` completes the answer.
final class AnthropicEvents implements WireEvents {

    @Override
    public boolean read(ServerSentEvent event, AnswerSoFar answer) throws ModelFailure {
        JsonNode data = EventJson.of(event);
        switch (data.path("type").asString("")) {
            case "message_start" -> answer.reportInput(data.at("/message/usage/input_tokens"));
            case "content_block_start" -> text(data.at("/content_block/text"), answer);
            case "content_block_delta" -> text(data.at("/delta/text"), answer);
            case "message_delta" -> messageDelta(data, answer);
            case "message_stop" -> {
                return true;
            }
            case "error" ->
                    throw new ModelFailure(
                            Kind.PROVIDER_STREAM, "The provider reported an error in its answer.");
            default -> {
                // A ping, the end of a block, or a kind of event that is newer than this code.
            }
        }
        return false;
    }

    private static void text(JsonNode text, AnswerSoFar answer) {
        if (text.isString()) {
            answer.append(text.stringValue());
        }
    }

    private static void messageDelta(JsonNode data, AnswerSoFar answer) throws ModelFailure {
        JsonNode usage = data.path("usage");
        if (usage.has("input_tokens")) {
            answer.reportInput(usage.path("input_tokens"));
        }
        answer.reportOutput(usage.path("output_tokens"));
        switch (data.at("/delta/stop_reason").asString("")) {
            case "max_tokens" -> answer.stoppedAtCap();
            case "refusal" -> throw ModelFailure.refused();
            default -> {
                // The end of a turn, or a reason that is newer than this code.
            }
        }
    }

    @Override
    public boolean mayEndHere() {
        return false;
    }
}
