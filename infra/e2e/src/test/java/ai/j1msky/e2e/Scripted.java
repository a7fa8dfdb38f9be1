package ai.j1msky.e2e;

import java.util.concurrent.atomic.AtomicLong;

/// A task that the model server answers as its directives say.
///
/// @param marker by which the model server's log knows its calls
public record Scripted(String task, String marker) {

    private static final AtomicLong MARKERS = new AtomicLong();

    /// One that no other of this JVM is mistaken for.
    public static Scripted of(String directives) {
        String marker = "case-" + MARKERS.incrementAndGet();
        return new Scripted(
                "Please answer. [[model: %s]] [[agent-marker:%s]]".formatted(directives, marker),
                marker);
    }
}
