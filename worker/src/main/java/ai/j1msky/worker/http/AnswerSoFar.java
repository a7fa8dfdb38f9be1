package ai.j1msky.worker.http;

import ai.j1msky.common.money.Usage;
import ai.j1msky.worker.model.CallProgress;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelCall;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// The text and the token counts of a call as they arrive, told to its [CallProgress]. Used by one thread.
///
/// Until the provider reports a count, and if what it reports cannot be true, [TokenEstimate] stands in for it.
public final class AnswerSoFar {

    private final StringBuilder text = new StringBuilder();
    private final TokenEstimate estimate;
    private final CallProgress progress;
    private final int maxBytes;
    private OptionalLong inputTokens = OptionalLong.empty();
    private OptionalLong outputTokens = OptionalLong.empty();
    private long bytes;
    private boolean full;
    private boolean atCap;

    AnswerSoFar(ModelCall call, CallProgress progress, int maxBytes) {
        this.estimate = new TokenEstimate(call);
        this.progress = progress;
        this.maxBytes = maxBytes;
    }

    /// Adds text up to the limit and drops what is over it.
    public void append(String piece) {
        for (int at = 0; at < piece.length() && !full; at++) {
            char next = piece.charAt(at);
            int size = utf8Bytes(next);
            full = bytes + size > maxBytes;
            if (!full) {
                text.append(next);
                bytes += size;
            }
        }
        tell();
    }

    private static int utf8Bytes(char unit) {
        if (unit < 0x80) {
            return 1;
        }
        return unit < 0x800 || Character.isSurrogate(unit) ? 2 : 3;
    }

    /// Takes the provider's count of input tokens; the last one counts, and one that cannot be true counts as none.
    public void reportInput(JsonNode count) {
        inputTokens = estimate.reportedInput(count);
        tell();
    }

    /// Takes the provider's final count of output tokens; the last one counts, and one that cannot be true counts as
    /// none.
    public void reportOutput(JsonNode count) {
        outputTokens = estimate.reportedOutput(count);
        tell();
    }

    /// The provider stopped at the output cap.
    public void stoppedAtCap() {
        atCap = true;
    }

    /// Whether more text came than is kept.
    boolean isFull() {
        return full;
    }

    ModelAnswer toAnswer() {
        boolean reported = inputTokens.isPresent() && outputTokens.isPresent();
        return new ModelAnswer(wellFormedText(), usage(), reported, full || atCap);
    }

    /// Pieces may split a pair of surrogates, which is whole again here; one that stays alone becomes `?`, since
    /// nothing after this could write it as UTF-8.
    private String wellFormedText() {
        boolean halfPairAtCut =
                full
                        && !text.isEmpty()
                        && Character.isHighSurrogate(text.charAt(text.length() - 1));
        String kept = text.substring(0, text.length() - (halfPairAtCut ? 1 : 0));
        return new String(kept.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private void tell() {
        progress.usage(usage());
    }

    private Usage usage() {
        return new Usage(
                inputTokens.orElse(estimate.input()), outputTokens.orElse(estimate.output(bytes)));
    }
}
