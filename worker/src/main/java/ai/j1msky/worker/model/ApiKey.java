package ai.j1msky.worker.model;

/// A provider's key, which cannot be printed by accident.
public final class ApiKey {

    private final String value;

    /// Takes the key as configured; surrounding white space is dropped.
    ///
    /// @throws IllegalArgumentException if the key is empty or could not stand in a header; the message never shows it
    public ApiKey(String value) {
        String stripped = value.strip();
        if (stripped.isEmpty() || !stripped.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException(
                    "a provider's key must be visible ASCII characters without spaces");
        }
        this.value = stripped;
    }

    /// The key in clear, for the request's header only.
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "ApiKey[redacted]";
    }
}
