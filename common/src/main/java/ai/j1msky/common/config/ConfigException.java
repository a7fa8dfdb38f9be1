package ai.j1msky.common.config;

import java.util.List;

/// A configuration that cannot be used; every mistake is one sentence naming the setting.
public final class ConfigException extends RuntimeException {

    private final List<String> mistakes;

    ConfigException(List<String> mistakes) {
        super(String.join(" ", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    public List<String> mistakes() {
        return mistakes;
    }
}
