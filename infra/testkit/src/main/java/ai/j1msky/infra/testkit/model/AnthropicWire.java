package ai.j1msky.infra.testkit.model;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Anthropic's Messages API, version 2023-06-01.
record AnthropicWire() implements ModelWire {

    @Override
    public String name() {
        return "anthropic";
    }

    @Override
    public String path() {
        return "/v1/messages";
    }

    @Override
    public boolean hasKey(Map<String, String> headers) {
        return !headers.getOrDefault("x-api-key", "").isBlank();
    }

    @Override
    public ModelRequest read(Map<String, String> headers, JsonNode body) {
        if (!headers.containsKey("anthropic-version")) {
            throw new IllegalArgumentException("anthropic-version: header is required");
        }
        int maxTokens = body.path("max_tokens").asInt(0);
        if (maxTokens < 1) {
            throw new IllegalArgumentException("max_tokens: at least 1 is required");
        }
        return new ModelRequest(
                body.path("model").asString(""),
                maxTokens,
                "max_tokens",
                body.path("stream").asBoolean(false),
                true,
                ModelRequest.textOf(body.path("messages")));
    }

    @Override
    public String error(int status) {
        return """
        {"type":"error","error":{"type":"%s","message":"scripted %d"}}"""
                .formatted(errorType(status), status);
    }

    private static String errorType(int status) {
        return switch (status) {
            case 400 -> "invalid_request_error";
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 429 -> "rate_limit_error";
            case 529 -> "overloaded_error";
            default -> "api_error";
        };
    }

    @Override
    public String opening(ModelRequest request, ScriptedAnswer answer, boolean usage) {
        return """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":%s,\
        "content":[],"stop_reason":null,"stop_sequence":null%s}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: ping
        data: {"type":"ping"}

        """
                .formatted(
                        ModelWire.quoted(request.model()),
                        usage ? usage(answer.inputTokens(), "1") : "");
    }

    @Override
    public boolean tellsInputFirst() {
        return true;
    }

    @Override
    public String delta(ModelRequest request, String piece) {
        return """
        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":%s}}

        """
                .formatted(ModelWire.quoted(piece));
    }

    @Override
    public String closing(ModelRequest request, ScriptedAnswer answer, boolean usage) {
        return """
        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"%s","stop_sequence":null}%s}

        """
                .formatted(
                        stopReason(answer),
                        usage ? usage(answer.inputTokens(), answer.outputTokens()) : "");
    }

    @Override
    public String last() {
        return """
        event: message_stop
        data: {"type":"message_stop"}

        """;
    }

    @Override
    public String errorEvent() {
        return """
        event: error
        data: %s

        """
                .formatted(error(529));
    }

    @Override
    public String whole(ModelRequest request, ScriptedAnswer answer, boolean usage) {
        return """
        {"id":"msg_1","type":"message","role":"assistant","model":%s,\
        "content":[{"type":"text","text":%s}],"stop_reason":"%s","stop_sequence":null%s}"""
                .formatted(
                        ModelWire.quoted(request.model()),
                        ModelWire.quoted(answer.text()),
                        stopReason(answer),
                        usage ? usage(answer.inputTokens(), answer.outputTokens()) : "");
    }

    private static String stopReason(ScriptedAnswer answer) {
        if (answer.refused()) {
            return "refusal";
        }
        return answer.atCap() ? "max_tokens" : "end_turn";
    }

    private static String usage(String input, String output) {
        return ",\"usage\":{\"input_tokens\":%s,\"output_tokens\":%s}".formatted(input, output);
    }
}
