package ai.j1msky.bench.measure;

import ai.j1msky.bench.load.BlockingClient;
import ai.j1msky.bench.load.HttpRequest;
import ai.j1msky.common.id.AgentId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// The two calls of the product's API that are measured, encoded for the load generator.
public final class AgentApi {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// The task that the sandbox model answers at once.
    private static final String INSTANT =
            """
            {"model":"k2p5","task":"sandbox:echo ok","priority":"normal"}""";

    private final InetSocketAddress gateway;
    private final HttpRequest spawn;
    private final String key;

    /// @param key an API key that may spawn and read agents
    public AgentApi(InetSocketAddress gateway, String key) {
        this.gateway = gateway;
        this.key = key;
        this.spawn = HttpRequest.post("/api/spawn", key, INSTANT);
    }

    /// `POST /api/spawn` under load.
    public Contender spawning() {
        return new Contender("POST /api/spawn (workers idle)", gateway, List.of(spawn));
    }

    /// `GET /api/agent/{id}` under load.
    public Contender reading(List<AgentId> agents) {
        List<HttpRequest> requests =
                agents.stream().map(id -> HttpRequest.get("/api/agent/" + id, key)).toList();
        return new Contender("GET /api/agent/{id}", gateway, requests);
    }

    BlockingClient connect() throws IOException {
        return BlockingClient.connect(gateway);
    }

    /// Spawns one agent.
    ///
    /// @throws IllegalStateException when it is refused
    Spawned spawn(BlockingClient client) throws IOException {
        BlockingClient.Answer answer = client.exchange(spawn);
        if (answer.status() != 200) {
            throw new IllegalStateException("a spawn was answered with " + answer.status());
        }
        String id = JSON.readTree(answer.body()).path("agent_id").asString("");
        return new Spawned(new AgentId(id), answer.nanoTime());
    }

    /// @param answeredAt when the whole answer had been read, as [System#nanoTime]
    record Spawned(AgentId id, long answeredAt) {}
}
