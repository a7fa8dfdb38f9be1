package ai.j1msky.gateway.address;

import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.network.Address;
import ai.j1msky.common.network.Network;
import ai.j1msky.common.policy.IpWhitelist;
import ai.j1msky.common.policy.IpWhitelist.Terms;
import ai.j1msky.gateway.audit.Notes;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Fields;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.request.StrictBody;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `PUT` and `GET /api/security/ip-whitelist`. A whitelist that locks out whoever sets it holds for five minutes, then
/// the one before comes back; sent again from an address it allows, it stays.
public final class WhitelistEndpoints {

    private static final int MOST_NETWORKS = 500;
    private static final String ALLOWED_IPS = "allowed_ips";

    private final AddressRules rules;
    private final PolicyLog policies;
    private final Clock clock;

    public WhitelistEndpoints(AddressRules rules, PolicyLog policies, Clock clock) {
        this.rules = rules;
        this.policies = policies;
        this.clock = clock;
    }

    public Mono<ServerResponse> get(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Instant now = clock.instant();
        WhitelistTimes whitelist = rules.whitelist();
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        put(answer, whitelist.at(now).terms(), whitelist.endAfter(now));
        return Answers.json(answer);
    }

    public Mono<ServerResponse> put(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Address admin = ClientAddress.of(request);
        return StrictBody.read(request)
                .map(fields -> decide(terms(fields), admin))
                .doOnNext(decided -> Notes.change(request, "ip_rules", "ip-whitelist", "replaced"))
                .flatMap(
                        decided ->
                                policies.write(decided)
                                        .then(Mono.defer(() -> answer(decided, admin))));
    }

    private IpWhitelist decide(Terms terms, Address admin) {
        return IpWhitelist.next(
                rules.whitelist().stored(),
                terms,
                Whitelist.of(terms).locksOut(admin),
                clock.instant());
    }

    private static Terms terms(Fields fields) {
        List<String> texts = fields.texts(ALLOWED_IPS, MOST_NETWORKS);
        boolean enforce = fields.flag("enforce", true);
        boolean logViolations = fields.flag("log_violations", true);
        fields.nothingElse();
        List<Network> allowed = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Network network =
                    GivenNetwork.read(
                            Problem.BODY_INVALID, ALLOWED_IPS + "[" + i + "]", texts.get(i));
            if (allowed.contains(network)) {
                throw invalid(ALLOWED_IPS + "[" + i + "] names " + network + " again.");
            }
            allowed.add(network);
        }
        if (allowed.isEmpty() && enforce) {
            throw invalid(
                    ALLOWED_IPS
                            + " is empty: nobody could enter. Name who may, or send enforce false to"
                            + " let everybody in.");
        }
        return new Terms(allowed, enforce, logViolations);
    }

    private static Mono<ServerResponse> answer(IpWhitelist decided, Address admin) {
        IpWhitelist.Trial trial = decided.trial();
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.put("success", true);
        put(answer, decided.terms(), trial == null ? null : trial.ends());
        if (trial != null) {
            answer.put(
                    "warning",
                    "Your own address "
                            + admin
                            + " is not in allowed_ips. The whitelist before comes back at reverts_at, unless"
                            + " you send this again from an allowed address.");
        }
        return Answers.json(answer);
    }

    private static void put(ObjectNode answer, Terms terms, @Nullable Instant ends) {
        ArrayNode allowed = answer.putArray(ALLOWED_IPS);
        terms.allowedIps().forEach(network -> allowed.add(network.toString()));
        answer.put("enforce", terms.enforce());
        answer.put("log_violations", terms.logViolations());
        if (ends != null) {
            answer.put("reverts_at", Answers.time(ends));
        }
    }

    private static ProblemException invalid(String sentence) {
        return ProblemException.of(Problem.BODY_INVALID, sentence);
    }
}
