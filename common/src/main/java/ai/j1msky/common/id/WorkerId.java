package ai.j1msky.common.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// One life of one worker process, for example `worker-1~k3f09a2b`: the node's name and a random part made at each
/// start, so that a restarted worker is never taken for the one that died.
public record WorkerId(@JsonValue String value) {

    private static final Pattern SHAPE =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}~[a-z0-9]{1,32}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public WorkerId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("a worker id is <node>~<random>");
        }
    }

    public static WorkerId mint(NodeId node, RandomGenerator random) {
        return new WorkerId(node.value() + "~" + PrefixedText.random(8, random));
    }

    public NodeId node() {
        return new NodeId(value.substring(0, value.lastIndexOf('~')));
    }

    @Override
    public String toString() {
        return value;
    }
}
