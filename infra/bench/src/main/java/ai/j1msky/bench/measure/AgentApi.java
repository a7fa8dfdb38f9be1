package ai.j1msky.bench.measure;

import ai.j1msky.bench.load.BlockingClient;
import ai.j1msky.bench.load.HttpRequest;
import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.KeyText;
import ai.j1msky.common.id.AgentId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// The calls of the product's API that are measured, encoded for the load generator.
public final class AgentApi {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// The task that the sandbox model answers at once.
    private static final String INSTANT =
            """
            {"model":"k2p5","task":"sandbox:echo ok","priority":"normal"}""";

    /// Needs no network once the workers go on: nobody has its provider's key.
    private static final String COSTLY =
            """
            {"model":"bench","task":"sandbox:echo ok","priority":"normal"}""";

    /// The same at a price of nothing.
    private static final String FREE =
            """
            {"model":"free1","task":"sandbox:echo ok","priority":"normal"}""";

    private final InetSocketAddress gateway;
    private final HttpRequest spawn;
    private final String key;

    /// @param key an API key that may spawn and read agents
    public AgentApi(InetSocketAddress gateway, String key) {
        this.gateway = gateway;
        this.key = key;
        this.spawn = HttpRequest.post("/api/spawn", key, INSTANT);
    }

    /// `POST /api/spawn` of agents that complete at once and cost nothing.
    public Contender spawning() {
        return new Contender("POST /api/spawn", gateway, List.of(spawn));
    }

    /// `POST /api/spawn` of agents that hold dollars. They fail as soon as a worker takes them.
    ///
    /// @param liveKey a key whose agents cost money
    public Contender spawningAtCost(String liveKey) {
        HttpRequest costly = HttpRequest.post("/api/spawn", liveKey, COSTLY);
        return new Contender("POST /api/spawn (workers idle)", gateway, List.of(costly));
    }

    /// The same of agents whose model costs nothing, and that therefore hold nothing. In all else they are alike.
    public Contender spawningForNothing(String liveKey) {
        HttpRequest free = HttpRequest.post("/api/spawn", liveKey, FREE);
        return new Contender("POST /api/spawn of what costs nothing", gateway, List.of(free));
    }

    /// `GET /api/agent/{id}` under load.
    public Contender reading(List<AgentId> agents) {
        return new Contender("GET /api/agent/{id}", gateway, reads(agents, key));
    }

    /// The same with a key that is well-formed and not known.
    public Contender refusedByKey(List<AgentId> agents) {
        String unknown = KeyText.mint(KeyEnvironment.LIVE, new SecureRandom()).reveal();
        return new Contender("GET refused from memory (401)", gateway, reads(agents, unknown))
                .answering(401);
    }

    /// `GET /api/rate-limits`, of which the product's configuration allows a key one: its rehearsal.
    public Contender refusedByLimit() {
        HttpRequest limits = HttpRequest.get("/api/rate-limits", key);
        return new Contender("GET refused by the script (429)", gateway, List.of(limits))
                .answering(429);
    }

    private static List<HttpRequest> reads(List<AgentId> agents, String key) {
        return agents.stream().map(id -> HttpRequest.get("/api/agent/" + id, key)).toList();
    }

    /// What a client does all day: it looks at an agent seven times for each that it spawns.
    ///
    /// @throws UncheckedIOException when the gateway does not answer
    public List<HttpRequest> everyday() {
        try (BlockingClient client = connect()) {
            List<HttpRequest> requests = new ArrayList<>();
            requests.add(spawn);
            for (int i = 0; i < 7; i++) {
                requests.addAll(reads(List.of(spawn(client).id()), key));
            }
            return requests;
        } catch (IOException broken) {
            throw new UncheckedIOException("the gateway did not answer", broken);
        }
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
