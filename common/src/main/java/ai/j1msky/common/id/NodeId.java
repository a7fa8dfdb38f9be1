package ai.j1msky.common.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// Names a machine or a service on it as the operator knows it, for example `worker-1` or `pi-kitchen`.
public record NodeId(@JsonValue String value) {

    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public NodeId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a node name is 1 to 63 of letters, digits, _ . and -");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
