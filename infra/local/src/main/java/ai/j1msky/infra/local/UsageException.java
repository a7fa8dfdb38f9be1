package ai.j1msky.infra.local;

/// Something the person at the terminal can mend; the message is the whole sentence they see.
sealed class UsageException extends RuntimeException permits ApiClient.RefusedException {

    UsageException(String sentence) {
        super(sentence);
    }
}
