package ai.j1msky.infra.local;

/// Something the person at the terminal can mend; the message is the whole sentence they see.
final class UsageException extends RuntimeException {

    UsageException(String sentence) {
        super(sentence);
    }
}
