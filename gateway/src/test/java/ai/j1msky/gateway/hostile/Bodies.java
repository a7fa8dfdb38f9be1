package ai.j1msky.gateway.hostile;

import ai.j1msky.common.log.WireJson;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Bodies of spawn requests.
final class Bodies {

    private Bodies() {}

    /// A good body with that task, escaped as JSON demands.
    static String spawn(String task) {
        return WireJson.MAPPER.createObjectNode().put("model", "k2p5").put("task", task).toString();
    }

    /// A body whose task is good and whose rest is the given JSON.
    static String with(String more) {
        return "{\"model\":\"k2p5\",\"task\":\"x\"," + more + "}";
    }

    /// A body whose task is the given JSON.
    static String task(String json) {
        return "{\"model\":\"k2p5\",\"task\":" + json + "}";
    }

    /// A body whose model is the given JSON.
    static String model(String json) {
        return "{\"task\":\"x\",\"model\":" + json + "}";
    }

    static String manyFields(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> "\"f" + n + "\":1")
                .collect(Collectors.joining(",", "{", "}"));
    }
}
