package ai.j1msky.infra.testkit.model;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// OpenAI's Chat Completions API, which Moonshot, MiniMax, Ollama and many others speak too.
record OpenAiWire() implements ModelWire {

    @Override
    public String name() {
        return "openai";
    }

    @Override
    public String path() {
        return "/v1/chat/completions";
    }

    @Override
    public boolean hasKey(Map<String, String> headers) {
        String authorization = headers.getOrDefault("authorization", "");
        return authorization.startsWith("Bearer ")
                && !authorization.substring("Bearer ".length()).isBlank();
    }

    @Override
    public ModelRequest read(Map<String, String> headers, JsonNode body) {
        String capField =
                body.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
        return new ModelRequest(
                body.path("model").asString(""),
                body.path(capField).asInt(0),
                capField,
                body.path("stream").asBoolean(false),
                body.path("stream_options").path("include_usage").asBoolean(false),
                ModelRequest.textOf(body.path("messages")));
    }

    @Override
    public String error(int status) {
        return """
        {"error":{"message":"scripted %d","type":"scripted","param":null,"code":null}}"""
                .formatted(status);
    }

    @Override
    public String opening(ModelRequest request, ScriptedAnswer answer, boolean usage) {
        return chunk(request, choice("{\"role\":\"assistant\",\"content\":\"\"}", "null"), "");
    }

    @Override
    public boolean tellsInputFirst() {
        return false;
    }

    @Override
    public String delta(ModelRequest request, String piece) {
        return chunk(
                request, choice("{\"content\":%s}".formatted(ModelWire.quoted(piece)), "null"), "");
    }

    @Override
    public String closing(ModelRequest request, ScriptedAnswer answer, boolean usage) {
        String stopped = chunk(request, choice("{}", stopReason(answer)), "");
        return usage && request.usageWanted()
                ? stopped + chunk(request, "", usage(answer))
                : stopped;
    }

    @Override
    public String last() {
        return "data: [DONE]\n\n";
    }

    @Override
    public String errorEvent() {
        return "data: %s\n\n".formatted(error(500));
    }

    @Override
    public String whole(ModelRequest request, ScriptedAnswer answer, boolean usage) {
        return """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":%s,\
        "choices":[{"index":0,"message":{"role":"assistant","content":%s},"finish_reason":%s}]%s}"""
                .formatted(
                        ModelWire.quoted(request.model()),
                        ModelWire.quoted(answer.text()),
                        stopReason(answer),
                        usage ? usage(answer) : "");
    }

    private static String chunk(ModelRequest request, String choices, String usage) {
        return """
        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":%s,"choices":[%s]%s}

        """
                .formatted(ModelWire.quoted(request.model()), choices, usage);
    }

    private static String choice(String delta, String finishReason) {
        return "{\"index\":0,\"delta\":%s,\"finish_reason\":%s}".formatted(delta, finishReason);
    }

    private static String stopReason(ScriptedAnswer answer) {
        if (answer.refused()) {
            return "\"content_filter\"";
        }
        return answer.atCap() ? "\"length\"" : "\"stop\"";
    }

    private static String usage(ScriptedAnswer answer) {
        return ",\"usage\":{\"prompt_tokens\":%s,\"completion_tokens\":%s,\"total_tokens\":1}"
                .formatted(answer.inputTokens(), answer.outputTokens());
    }
}
