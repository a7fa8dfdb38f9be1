package ai.j1msky.gateway.auditlog;

import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.audit.AuditPolicy;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.UnreadableException;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.audit.Audit;
import ai.j1msky.gateway.audit.AuditPolicies;
import ai.j1msky.gateway.audit.Origins;
import ai.j1msky.gateway.audit.chain.AuditFact;
import ai.j1msky.gateway.audit.chain.ChainCheck;
import ai.j1msky.gateway.audit.chain.ChainVerifier;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.request.StrictBody;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST` and `GET /api/security/audit`, `GET /api/security/audit/entries`, `GET /api/security/audit/verify`.
///
/// A key sees the entries of its account; keys of `main`, the house's own account, see all, and only they change what
/// is written.
public final class AuditEndpoints implements AutoCloseable {

    private static final Duration CHANGED_WITHIN = Duration.ofMillis(2_500);
    private static final Duration VERIFIED_WITHIN = Duration.ofSeconds(25);
    private static final int RETRY_AFTER = 2;
    private static final int VERIFY_RETRY = 5;
    private static final int PAGE = 50;
    private static final int LARGEST_PAGE = 200;
    private static final int LONGEST_TEXT = 1_000;
    private static final String CURSOR = "audit-cursor\n";

    private final Audit audit;
    private final AuditPolicies policies;
    private final EntryReader reader;
    private final Verifications verifications;
    private final MasterKey master;
    private final Clock clock;

    public AuditEndpoints(
            Audit audit,
            AuditPolicies policies,
            LogClients clients,
            ChainVerifier verifier,
            MasterKey master,
            Clock clock) {
        this.audit = audit;
        this.policies = policies;
        this.reader = new EntryReader(clients);
        this.verifications = new Verifications(verifier, audit, clock);
        this.master = master;
        this.clock = clock;
    }

    public Mono<ServerResponse> policy(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        return Answers.json(PolicyBody.write(audit.policy()));
    }

    public Mono<ServerResponse> change(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Caller caller = Caller.of(request);
        if (!isHouse(caller)) {
            throw ProblemException.of(
                    Problem.SCOPE_MISSING, "Only a key of the account main may change the audit.");
        }
        return StrictBody.read(request)
                .map(PolicyBody::read)
                .flatMap(wanted -> change(request, caller, wanted))
                .flatMap(
                        changed -> {
                            ObjectNode answer = WireJson.MAPPER.createObjectNode();
                            answer.put("success", true);
                            answer.setAll(PolicyBody.write(changed));
                            return Answers.json(answer);
                        });
    }

    private Mono<AuditPolicy> change(ServerRequest request, Caller caller, AuditPolicy wanted) {
        AuditPolicy before = audit.policy();
        ObjectNode details = WireJson.MAPPER.createObjectNode();
        details.put("action", "changed");
        details.set("before", PolicyBody.write(before));
        details.set("after", PolicyBody.write(wanted));
        AuditFact fact =
                audit.fact(AuditEvent.CONFIG_CHANGE, caller.account())
                        .by(caller.key())
                        .from(Origins.of(request.exchange()))
                        .about("setting", "audit");
        return Mono.fromFuture(
                        () ->
                                policies.change(wanted, clock.instant())
                                        // Told by the log's own answer: a client that hangs up
                                        // does not stop it.
                                        .whenComplete(
                                                (changed, failure) ->
                                                        audit.recordAlways(
                                                                fact.with(
                                                                        details.put(
                                                                                "changed",
                                                                                failure == null))))
                                        .copy())
                .timeout(CHANGED_WITHIN)
                .onErrorMap(
                        failure ->
                                ProblemException.retryAfter(
                                        failure instanceof LogWriter.NotSentException
                                                ? Problem.LOG_UNAVAILABLE
                                                : Problem.AUDIT_OUTCOME_UNKNOWN,
                                        RETRY_AFTER));
    }

    /// The newest first. A page may have fewer entries than asked for, also none, and still a `next_cursor`: a request
    /// looks at so many records only.
    public Mono<ServerResponse> entries(ServerRequest request) {
        Query query =
                new Query(
                        request,
                        Set.of("from", "to", "event", "key_id", "agent_id", "limit", "cursor"));
        Caller caller = Caller.of(request);
        int limit = query.whole("limit", 1, LARGEST_PAGE, PAGE);
        Instant kept = clock.instant().minus(audit.policy().retention());
        Instant from = time(query, "from").filter(kept::isBefore).orElse(kept);
        String event =
                query.oneOf(
                                "event",
                                java.util.Arrays.stream(AuditEvent.values())
                                        .map(AuditEvent::wireName)
                                        .toList())
                        .orElse(null);
        EntryFilter filter =
                new EntryFilter(
                        isHouse(caller) ? null : caller.account(),
                        from,
                        time(query, "to").orElse(null),
                        event == null ? null : AuditEvent.find(event).orElseThrow(),
                        query.text("key_id", LONGEST_TEXT).orElse(null),
                        agentId(query));
        Long before =
                query.text("cursor", LONGEST_TEXT).map(text -> read(text, caller)).orElse(null);
        return Mono.fromCallable(() -> reader.read(filter, before, limit))
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorMap(KafkaException.class, AuditEndpoints::unreadable)
                .flatMap(page -> Answers.json(page(page, caller)));
    }

    private static @Nullable String agentId(Query query) {
        String id = query.text("agent_id", LONGEST_TEXT).orElse(null);
        if (id != null && !AgentId.isValid(id)) {
            throw ProblemException.of(Problem.MALFORMED, "agent_id is not an agent's id.");
        }
        return id;
    }

    private static Optional<Instant> time(Query query, String name) {
        try {
            return query.text(name, LONGEST_TEXT)
                    .map(text -> OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException noTime) {
            throw ProblemException.of(
                    Problem.MALFORMED, name + " must be a time such as 2026-02-19T14:30:00Z.");
        }
    }

    private ObjectNode page(EntryReader.Page page, Caller caller) {
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        ArrayNode entries = answer.putArray("entries");
        page.entries().forEach(entry -> entries.add(EntryJson.of(entry)));
        answer.put("next_cursor", page.next() == null ? null : write(page.next(), caller));
        return answer;
    }

    /// Sealed, because an offset tells how much others do.
    private String write(long offset, Caller caller) {
        return master.sealSecret(Long.toString(offset), CURSOR + caller.account());
    }

    private long read(String cursor, Caller caller) {
        try {
            return Long.parseLong(master.openSecret(cursor, CURSOR + caller.account()));
        } catch (UnreadableException | NumberFormatException madeUp) {
            throw ProblemException.of(
                    Problem.MALFORMED, "cursor is not one that this list has given out.");
        }
    }

    /// Checks the whole log, whoever asks; how many entries there are and where one is broken is told of the caller's
    /// own only.
    public Mono<ServerResponse> verify(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Caller caller = Caller.of(request);
        return Mono.fromFuture(verifications::result)
                .timeout(VERIFIED_WITHIN)
                .onErrorMap(
                        TimeoutException.class,
                        slow -> {
                            verifications.keepLate();
                            return ProblemException.retryAfter(
                                    Problem.AUDIT_VERIFYING, VERIFY_RETRY);
                        })
                .onErrorMap(KafkaException.class, AuditEndpoints::unreadable)
                .flatMap(result -> Answers.json(verdict(result, caller)));
    }

    private static ObjectNode verdict(ChainCheck.Result result, Caller caller) {
        ChainCheck.Broken broken = result.broken();
        boolean isTold =
                isHouse(caller) || (broken != null && caller.account().equals(broken.account()));
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.put("valid", broken == null);
        answer.put(
                "entries",
                isHouse(caller)
                        ? result.entries()
                        : result.counts().getOrDefault(caller.account(), 0L));
        answer.put("broken_at", broken != null && isTold ? broken.place() : null);
        answer.put("reason", broken == null ? null : broken.breach().sentence());
        return answer;
    }

    private static boolean isHouse(Caller caller) {
        return caller.account().equals(AccountId.MAIN);
    }

    private static ProblemException unreadable(Throwable away) {
        return ProblemException.retryAfter(Problem.AUDIT_UNREADABLE, RETRY_AFTER);
    }

    @Override
    public void close() {
        reader.close();
    }
}
