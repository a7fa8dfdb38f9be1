package ai.j1msky.notifier.send;

import java.time.Instant;

/// What follows an attempt.
public sealed interface NextStep {

    /// It is delivered.
    record Done() implements NextStep {}

    record RetryAt(Instant when) implements NextStep {}

    /// The last attempt has failed.
    ///
    /// @param reason in a word
    record GiveUp(String reason) implements NextStep {}

    /// The endpoint gets nothing any more.
    ///
    /// @param reason in words for its owner
    record Disable(String reason) implements NextStep {}
}
