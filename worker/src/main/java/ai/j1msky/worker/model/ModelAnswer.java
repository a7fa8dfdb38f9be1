package ai.j1msky.worker.model;

/// What a model answered.
///
/// @param text the whole answer, at most 1 MiB in UTF-8
/// @param used what is charged for it
/// @param truncated the answer stopped at the output cap or at 1 MiB
public record ModelAnswer(String text, MeteredUsage used, boolean truncated) {

    @Override
    public String toString() {
        return "ModelAnswer[" + text.length() + " characters, " + used + "]";
    }
}
