package ai.j1msky.common.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;

/// One life of one worker process, for example `worker-1~k3f09a2b`: the node's name and a random part made at each
/// start, so that a restarted worker is never taken for the one that died.
public record WorkerId(@JsonValue String value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public WorkerId {
        int split = value.lastIndexOf('~');
        if (split < 1 || split == value.length() - 1) {
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
