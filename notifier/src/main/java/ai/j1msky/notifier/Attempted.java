package ai.j1msky.notifier;

import ai.j1msky.notifier.send.Answer;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What came of a delivery whose turn it was.
///
/// @param answer what the endpoint answered, or null when none was asked
/// @param dropped why it is not tried any more, or null when it was tried
/// @param took how long the attempt took
record Attempted(
        Pending delivery,
        @Nullable Answer answer,
        @Nullable String dropped,
        Duration took,
        Instant at) {}
