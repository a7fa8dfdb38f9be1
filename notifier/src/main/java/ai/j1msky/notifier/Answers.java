package ai.j1msky.notifier;

import ai.j1msky.notifier.send.Answer;
import org.jspecify.annotations.Nullable;

/// What the log says of an answer.
final class Answers {

    private static final int GONE = 410;

    private Answers() {}

    /// @param status the HTTP status, or null when there was none
    /// @param error why there was none, or null
    record Told(@Nullable Integer status, @Nullable String error) {}

    static Told of(@Nullable Answer answer) {
        return switch (answer) {
            case null -> new Told(null, null);
            case Answer.Accepted accepted -> new Told(accepted.status(), null);
            case Answer.Gone _ -> new Told(GONE, null);
            case Answer.Refused refused -> new Told(refused.status(), null);
            case Answer.Unreachable unreachable -> new Told(null, unreachable.reason());
        };
    }
}
