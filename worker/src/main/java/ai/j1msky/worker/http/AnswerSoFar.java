package ai.j1msky.worker.http;

import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Usage;
import ai.j1msky.worker.model.CallProgress;
import ai.j1msky.worker.model.MeteredUsage;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelCall;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// The text and the token counts of a call as they arrive, told to its [CallProgress]. Used by one thread.
///
/// Until the provider reports a count, for text that came after it did, and if what it reports cannot be true,
/// [TokenEstimate] stands in.
public final class AnswerSoFar {

    private final StringBuilder text = new StringBuilder();
    private final TokenEstimate estimate;
    private final CallProgress progress;
    private final int maxBytes;
    private OptionalLong inputTokens = OptionalLong.empty();
    private OptionalLong outputTokens = OptionalLong.empty();
    private long bytes;
    private long bytesWhenReported;
    private boolean inputRefused;
    private boolean outputRefused;
    private boolean outputCut;
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

    /// The provider accepted the call: from now on it reads, and what it reads is used.
    void begin() {
        tell();
    }

    /// Takes the provider's count of input tokens; the last one counts, and one that cannot be true counts as none.
    public void reportInput(JsonNode count) {
        inputTokens = estimate.reportedInput(count);
        inputRefused = inputTokens.isEmpty();
        tell();
    }

    /// Takes the provider's count of output tokens up to here; the last one counts, and one that cannot be true counts as
    /// none.
    public void reportOutput(JsonNode count) {
        outputTokens = estimate.reportedOutput(count, bytes);
        outputRefused = outputTokens.isEmpty();
        outputCut = estimate.isAboveCap(count);
        bytesWhenReported = bytes;
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
        // An answer that is cut off here is ended before its provider could report.
        return new ModelAnswer(wellFormedText(), used(!full), full || atCap);
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
        progress.usage(used(false));
    }

    private MeteredUsage used(boolean complete) {
        long output =
                outputTokens.isPresent()
                        ? estimate.outputAfter(outputTokens.getAsLong(), bytes - bytesWhenReported)
                        : estimate.output(bytes);
        return new MeteredUsage(
                new Usage(inputTokens.orElse(estimate.input()), output), metering(complete));
    }

    private Metering metering(boolean complete) {
        if (outputCut) {
            return Metering.CLAMPED;
        }
        if (inputTokens.isPresent() && outputTokens.isPresent() && bytes == bytesWhenReported) {
            return Metering.REPORTED;
        }
        return complete || inputRefused || outputRefused ? Metering.DOUBTFUL : Metering.ESTIMATED;
    }
}
