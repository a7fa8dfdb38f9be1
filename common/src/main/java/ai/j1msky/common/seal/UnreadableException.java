package ai.j1msky.common.seal;

/// Sealed text or a wrapped key that cannot be opened: wrong key, wrong place, or changed.
public final class UnreadableException extends RuntimeException {
    UnreadableException(String message) {
        super(message);
    }
}
