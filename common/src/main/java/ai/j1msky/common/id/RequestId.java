package ai.j1msky.common.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;

/// Names one HTTP request in its answer's `X-Request-Id` and in every log line about it.
public record RequestId(@JsonValue String value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public RequestId {
        PrefixedText.require("req_", value);
    }

    public static RequestId mint(RandomGenerator random) {
        return new RequestId("req_" + PrefixedText.random(16, random));
    }

    @Override
    public String toString() {
        return value;
    }
}
