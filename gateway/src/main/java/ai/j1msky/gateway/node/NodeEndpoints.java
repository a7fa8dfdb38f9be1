package ai.j1msky.gateway.node;

import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.config.ModelConfig;
import ai.j1msky.common.host.HostReading;
import ai.j1msky.common.id.NodeId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.node.NodeDrain;
import ai.j1msky.common.registry.Drains;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.audit.Notes;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.projection.LiveAgents;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Fields;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.request.ReadBack;
import ai.j1msky.gateway.request.StrictBody;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `GET /api/system`, `/api/nodes` and `/api/models`, and `POST /api/nodes/{node_id}/drain` and `/undrain`.
public final class NodeEndpoints {

    private final OwnHost host;
    private final Nodes nodes;
    private final Drains drains;
    private final LiveAgents agents;
    private final AgencyConfig config;
    private final LogWriter log;
    private final Clock clock;
    private final EntryCodec<NodeDrain> codec = new EntryCodec<>(Topics.NODE_DRAINS);

    public NodeEndpoints(
            OwnHost host,
            Nodes nodes,
            Drains drains,
            LiveAgents agents,
            AgencyConfig config,
            LogWriter log,
            Clock clock) {
        this.host = host;
        this.nodes = nodes;
        this.drains = drains;
        this.agents = agents;
        this.config = config;
        this.log = log;
        this.clock = clock;
    }

    public Mono<ServerResponse> system(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        HostReading reading = host.latest();
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        NodeJson.machine(
                answer,
                reading.cpuTemp(),
                reading.loadAverage(),
                reading.memoryUsage(),
                reading.uptimeSeconds(),
                reading.diskFreeBytes());
        answer.put("active_agents", agents.unfinished());
        answer.set("nodes", NodeJson.of(nodes.all()));
        return Answers.json(answer);
    }

    public Mono<ServerResponse> list(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.set("nodes", NodeJson.of(nodes.all()));
        return Answers.json(answer);
    }

    /// A model is available when a node that takes part can call its provider now.
    public Mono<ServerResponse> models(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Set<String> open =
                nodes.all().stream()
                        .filter(node -> !node.isLost())
                        .flatMap(node -> node.health().providersOpen().stream())
                        .collect(Collectors.toSet());
        Instant now = clock.instant();
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        ArrayNode models = answer.putArray("models");
        for (ModelConfig model : config.models().values()) {
            Price price = model.prices().at(now);
            ObjectNode shown = models.addObject();
            shown.put("model", model.alias());
            shown.put("name", model.model());
            shown.put("provider", model.provider());
            shown.put("available", open.contains(model.provider()));
            shown.put("input_per_mtok", Money.micros(price.inputMicrosPerMillion()).dollars());
            shown.put("output_per_mtok", Money.micros(price.outputMicrosPerMillion()).dollars());
        }
        return Answers.json(answer);
    }

    /// Draining what drains answers the same.
    public Mono<ServerResponse> drain(ServerRequest request) {
        return change(
                request,
                "drained",
                node -> log.append(codec, new NodeDrain(node, clock.instant())));
    }

    public Mono<ServerResponse> undrain(ServerRequest request) {
        return change(request, "undrained", node -> log.delete(codec, node.value()));
    }

    /// What is written for a node.
    private interface Change {
        CompletableFuture<Position> of(NodeId node);
    }

    private Mono<ServerResponse> change(ServerRequest request, String action, Change change) {
        Query _ = new Query(request, Set.of());
        NodeId node = known(request.pathVariable("node_id"));
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.put("success", true);
        return StrictBody.readIfAny(request)
                .doOnNext(Fields::nothingElse)
                .then(
                        Mono.defer(
                                () -> {
                                    Notes.change(request, "node", node.value(), action);
                                    return readBack(() -> change.of(node));
                                }))
                .then(Answers.json(answer));
    }

    private NodeId known(String text) {
        return nodes.all().stream()
                .map(node -> node.health().nodeId())
                .filter(id -> id.value().equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                ProblemException.of(
                                        Problem.NOT_FOUND,
                                        "No node has this node_id (GET /api/nodes)."));
    }

    private Mono<Void> readBack(Supplier<CompletableFuture<Position>> sending) {
        return ReadBack.of(sending, drains::reached, Problem.POLICY_OUTCOME_UNKNOWN);
    }
}
