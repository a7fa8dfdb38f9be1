package ai.j1msky.worker.model;

import ai.j1msky.common.money.Usage;

/// What a model answered.
///
/// @param text the whole answer, at most 1 MiB in UTF-8
/// @param usage tokens as the provider reported them
/// @param usageReported false when the provider reported no usable usage and `usage` is an estimate
/// @param truncated the answer stopped at the output cap or at 1 MiB
public record ModelAnswer(String text, Usage usage, boolean usageReported, boolean truncated) {

    @Override
    public String toString() {
        return "ModelAnswer[" + text.length() + " characters, " + usage + "]";
    }
}
