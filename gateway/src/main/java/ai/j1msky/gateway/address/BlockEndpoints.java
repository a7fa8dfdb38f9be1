package ai.j1msky.gateway.address;

import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.network.Address;
import ai.j1msky.common.network.Network;
import ai.j1msky.common.policy.IpBlock;
import ai.j1msky.gateway.audit.Notes;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Fields;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.request.StrictBody;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Set;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST` and `GET /api/security/block-ip`, `DELETE /api/security/block-ip/{ip}`. A block that hits whoever sets it
/// ends after five minutes; sent again from another address, it lasts as long as it says.
public final class BlockEndpoints {

    private static final int STANDARD_HOURS = 24;
    private static final int MOST_HOURS = 10 * 366 * 24;
    private static final int LONGEST_NETWORK = 60;
    private static final int LONGEST_REASON = 500;
    private static final int MOST_BLOCKS = 10_000;
    private static final int NO_PREFIX = -1;

    private final AddressRules rules;
    private final PolicyLog policies;
    private final Clock clock;

    public BlockEndpoints(AddressRules rules, PolicyLog policies, Clock clock) {
        this.rules = rules;
        this.policies = policies;
        this.clock = clock;
    }

    public Mono<ServerResponse> block(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Address admin = ClientAddress.of(request);
        return StrictBody.read(request)
                .map(this::asked)
                .map(asked -> limited(asked, admin))
                .doOnNext(
                        block ->
                                Notes.change(
                                        request, "ip_rules", block.network().toString(), "blocked"))
                .flatMap(
                        block ->
                                policies.write(block).then(Mono.defer(() -> answer(block, admin))));
    }

    public Mono<ServerResponse> list(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Instant now = clock.instant();
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        ArrayNode blocked = answer.putArray("blocked");
        rules.blocks().stream()
                .filter(block -> block.isActiveAt(now))
                .sorted(Comparator.comparing(IpBlock::at).thenComparing(IpBlock::logKey))
                .forEach(block -> put(blocked.addObject(), block));
        return Answers.json(answer);
    }

    /// Unblocking what is not blocked answers the same. A block of addresses has its length in `?prefix=`, because a
    /// path has no place for a second slash.
    public Mono<ServerResponse> unblock(ServerRequest request) {
        Query query = new Query(request, Set.of("prefix"));
        int prefix = query.whole("prefix", 0, 128, NO_PREFIX);
        String ip = request.pathVariable("ip");
        Network network =
                GivenNetwork.read(
                        Problem.MALFORMED,
                        "ip in the path",
                        prefix == NO_PREFIX ? ip : ip + "/" + prefix);
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.put("success", true);
        Notes.change(request, "ip_rules", network.toString(), "unblocked");
        return policies.unblock(network).then(Answers.json(answer));
    }

    private IpBlock asked(Fields fields) {
        String ip = fields.text("ip", 1, LONGEST_NETWORK);
        String reason = fields.optionalText("reason", 0, LONGEST_REASON).orElse(null);
        int hours = fields.whole("duration_hours", 1, MOST_HOURS, STANDARD_HOURS);
        fields.nothingElse();
        Network network = GivenNetwork.read(Problem.BODY_INVALID, "ip", ip);
        if (rules.blocks().size() >= MOST_BLOCKS) {
            throw ProblemException.of(
                    Problem.BODY_INVALID,
                    "ip would be one too many: "
                            + MOST_BLOCKS
                            + " are blocked. Block larger networks instead.");
        }
        Instant now = clock.instant();
        return new IpBlock(network, reason, now.plus(Duration.ofHours(hours)), now);
    }

    private static IpBlock limited(IpBlock asked, Address admin) {
        return asked.network().contains(admin)
                ? new IpBlock(
                        asked.network(), asked.reason(), asked.at().plus(IpBlock.TRIAL), asked.at())
                : asked;
    }

    private static Mono<ServerResponse> answer(IpBlock block, Address admin) {
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.put("success", true);
        put(answer, block);
        if (block.network().contains(admin)) {
            answer.put("reverts_at", Answers.time(block.until()));
            answer.put(
                    "warning",
                    "This blocks your own address "
                            + admin
                            + ". It ends at reverts_at, unless you send this again from another address.");
        }
        return Answers.json(answer);
    }

    private static void put(ObjectNode shown, IpBlock block) {
        shown.put("ip", block.network().toString());
        shown.put("reason", block.reason());
        shown.put("until", Answers.time(block.until()));
    }
}
