package ai.j1msky.common.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// Who owns agents, money, keys and webhooks, for example `main`. Chosen by the operator: 1 to 64 of `[a-z0-9_-]`.
public record AccountId(@JsonValue String value) {

    private static final Pattern SHAPE = Pattern.compile("[a-z0-9_-]{1,64}");

    public static final AccountId MAIN = new AccountId("main");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public AccountId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("an account is 1 to 64 of a-z, 0-9, _ and -");
        }
    }

    public static boolean isValid(String text) {
        return SHAPE.matcher(text).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
