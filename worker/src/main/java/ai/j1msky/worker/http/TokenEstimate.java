package ai.j1msky.worker.http;

import ai.j1msky.worker.model.ModelCall;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// What stands in for a token count that a provider did not report, and what counts as reported.
///
/// Estimate: one token for every three bytes of UTF-8, rounded up. English runs at four bytes a token and code or
/// Chinese at about three, so this does not undercharge by much and charges an ordinary text a third too high at most.
/// Output is never estimated above the call's cap, so the estimate stays within the hold.
///
/// A reported count is taken only if it is a whole number that the call could have cost: at least 1; input at most one
/// token a byte of the prompt and [#TEMPLATE_TOKENS] for what a provider wraps around it; output at most the cap.
final class TokenEstimate {

    /// More than any system prompt a gateway has been seen to add.
    static final long TEMPLATE_TOKENS = 65_536;

    private static final int BYTES_PER_TOKEN = 3;

    private final long promptBytes;
    private final long cap;

    TokenEstimate(ModelCall call) {
        this.promptBytes = call.prompt().getBytes(StandardCharsets.UTF_8).length;
        this.cap = call.maxOutputTokens();
    }

    long input() {
        return Math.ceilDiv(promptBytes, BYTES_PER_TOKEN);
    }

    long output(long textBytes) {
        return Math.min(cap, Math.ceilDiv(textBytes, BYTES_PER_TOKEN));
    }

    OptionalLong reportedInput(JsonNode count) {
        return within(promptBytes + TEMPLATE_TOKENS, count);
    }

    OptionalLong reportedOutput(JsonNode count) {
        return within(cap, count);
    }

    private static OptionalLong within(long most, JsonNode count) {
        boolean whole = count.isIntegralNumber() && count.canConvertToLong();
        return whole && count.longValue() >= 1 && count.longValue() <= most
                ? OptionalLong.of(count.longValue())
                : OptionalLong.empty();
    }
}
