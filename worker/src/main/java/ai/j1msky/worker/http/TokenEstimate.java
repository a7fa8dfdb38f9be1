package ai.j1msky.worker.http;

import ai.j1msky.worker.model.ModelCall;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// What stands in for a token count that a provider did not report, and what counts as reported.
///
/// Estimate: one token for every three bytes of UTF-8, rounded up. English runs at four bytes a token and code or
/// Chinese at about three, so this does not undercharge by much and charges an ordinary text a third too high at most.
/// Output is never estimated above the call's cap, so the estimate stays within the hold.
///
/// A reported count is taken only if it is a whole number that the call could have cost: input at least 1, and at most
/// one token a byte of the prompt and [#TEMPLATE_TOKENS] for what a provider wraps around it; output at least 1 once
/// there was text. More output than the cap is taken as the cap, for a model may think unseen, and its provider may count
/// that on top; the caller is told that it was cut.
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

    /// The count, or empty when it cannot be true.
    OptionalLong reportedInput(JsonNode count) {
        return isWholeFrom(1, count) && !isAbove(promptBytes + TEMPLATE_TOKENS, count)
                ? OptionalLong.of(count.longValue())
                : OptionalLong.empty();
    }

    /// The count, at most the cap, or empty when it cannot be true.
    OptionalLong reportedOutput(JsonNode count, long textBytes) {
        if (!isWholeFrom(textBytes == 0 ? 0 : 1, count)) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(isAboveCap(count) ? cap : count.longValue());
    }

    boolean isAboveCap(JsonNode count) {
        return isAbove(cap, count);
    }

    private static boolean isWholeFrom(long least, JsonNode count) {
        return count.isIntegralNumber()
                && count.bigIntegerValue().compareTo(BigInteger.valueOf(least)) >= 0;
    }

    private static boolean isAbove(long most, JsonNode count) {
        return count.isIntegralNumber()
                && count.bigIntegerValue().compareTo(BigInteger.valueOf(most)) > 0;
    }

    /// With what came after the count was reported.
    long outputAfter(long reported, long moreBytes) {
        return Math.min(cap, reported + Math.ceilDiv(moreBytes, BYTES_PER_TOKEN));
    }
}
