package ai.j1msky.bench.load;

/// A load was answered with something else than expected, so its figures must not be used.
public final class UnexpectedAnswersException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnexpectedAnswersException(String message) {
        super(message);
    }
}
