package ai.j1msky.worker;

import java.util.List;

/// Why the worker cannot start, as sentences for the operator.
final class StartException extends RuntimeException {

    private final List<String> sentences;

    StartException(List<String> sentences) {
        super(String.join(" ", sentences));
        this.sentences = List.copyOf(sentences);
    }

    StartException(String sentence) {
        this(List.of(sentence));
    }

    List<String> sentences() {
        return sentences;
    }
}
