package ai.j1msky.common.audit;

import ai.j1msky.common.id.WorkerId;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// One chain of audit entries, for example `gateway-1~k3f09a2b.1`: the life of the gateway that writes it, and a
/// number that grows when that gateway has to begin another.
public record ChainId(@JsonValue String value) {

    private static final Pattern SHAPE =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}~[a-z0-9]{1,32}\\.[0-9]{1,9}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ChainId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("a chain id is <node>~<random>.<number>");
        }
    }

    /// @param life one life of one process; gateways have ids like workers
    public static ChainId of(WorkerId life, int number) {
        return new ChainId(life + "." + number);
    }

    @Override
    public String toString() {
        return value;
    }
}
