package ai.j1msky.worker.openai;

import ai.j1msky.worker.http.AnswerSoFar;
import ai.j1msky.worker.http.EventJson;
import ai.j1msky.worker.http.WireEvents;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelFailure.Kind;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import tools.jackson.databind.JsonNode;

/// Reads the chunks of OpenAI's Chat Completions API.
///
/// A chunk with `finish_reason` ends the text, one with `usage` follows because it was asked for, `[DONE]` completes the
/// answer. Moonshot puts `usage` into the choice. An error has no event name of its own, only an `error` in its data.
final class OpenAiEvents implements WireEvents {

    private boolean finished;

    @Override
    public boolean read(ServerSentEvent event, AnswerSoFar answer) throws ModelFailure {
        if (event.data().strip().equals("[DONE]")) {
            return true;
        }
        JsonNode chunk = EventJson.of(event);
        if (chunk.hasNonNull("error") || "error".equals(event.event())) {
            throw new ModelFailure(
                    Kind.PROVIDER_STREAM, "The provider reported an error in its answer.");
        }
        JsonNode choice = chunk.at("/choices/0");
        JsonNode text = choice.at("/delta/content");
        if (text.isString()) {
            answer.append(text.stringValue());
        }
        usage(chunk.path("usage"), answer);
        usage(choice.path("usage"), answer);
        finish(choice.path("finish_reason").asString(""), answer);
        return false;
    }

    private static void usage(JsonNode usage, AnswerSoFar answer) {
        if (usage.isObject()) {
            answer.reportInput(usage.path("prompt_tokens"));
            answer.reportOutput(usage.path("completion_tokens"));
        }
    }

    private void finish(String reason, AnswerSoFar answer) throws ModelFailure {
        if (!reason.isEmpty()) {
            finished = true;
        }
        switch (reason) {
            case "length" -> answer.stoppedAtCap();
            case "content_filter" -> throw ModelFailure.refused();
            default -> {
                // The end of a turn, or a reason that is newer than this code.
            }
        }
    }

    /// Some servers leave `[DONE]` out; the text is complete all the same.
    @Override
    public boolean mayEndHere() {
        return finished;
    }
}
