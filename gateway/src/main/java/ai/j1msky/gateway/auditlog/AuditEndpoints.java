package ai.j1msky.gateway.auditlog;

import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.audit.AuditPolicy;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.audit.Audit;
import ai.j1msky.gateway.audit.AuditPolicies;
import ai.j1msky.gateway.audit.Origins;
import ai.j1msky.gateway.audit.chain.AuditFact;
import ai.j1msky.gateway.audit.chain.ChainCheck;
import ai.j1msky.gateway.audit.chain.ChainVerifier;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.reading.LongRuns;
import ai.j1msky.gateway.reading.OffsetCursors;
import ai.j1msky.gateway.reading.PageReader;
import ai.j1msky.gateway.reading.TimeSpan;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.request.StrictBody;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
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
    private static final int RETRY_AFTER = 2;
    private static final int PAGE = 50;
    private static final int LARGEST_PAGE = 200;
    private static final int LONGEST_TEXT = 1_000;
    private static final String EVERYTHING = "everything";

    /// Records are stamped after their entries; a minute is for clocks that differ.
    private static final Duration EARLY = Duration.ofMinutes(1);

    /// An entry may have waited for the log; one that waited longer is not found by its end.
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /// Another clock may have been behind the broker's when it let entries expire.
    private static final Duration SKEW = Duration.ofHours(1);

    private static final TopicPartition LOG = new TopicPartition(Topics.AUDIT.name(), 0);

    private final Audit audit;
    private final AuditPolicies policies;
    private final PageReader<AuditEntry> reader;
    private final ChainVerifier verifier;
    private final LongRuns<String, ChainCheck.Result> verifications =
            new LongRuns<>("audit-verify", Problem.AUDIT_VERIFYING, 1);
    private final OffsetCursors cursors;
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
        this.reader = new PageReader<>(clients, "audit-entries", new EntryCodec<>(Topics.AUDIT));
        this.verifier = verifier;
        this.cursors = new OffsetCursors(master, "audit");
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
        TimeSpan asked = TimeSpan.of(query);
        Instant kept = clock.instant().minus(audit.policy().retention());
        TimeSpan span = asked.notBefore(kept);
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
                        span,
                        event == null ? null : AuditEvent.find(event).orElseThrow(),
                        query.text("key_id", LONGEST_TEXT).orElse(null),
                        agentId(query));
        Long before =
                query.text("cursor", LONGEST_TEXT)
                        .map(text -> cursors.read(text, caller.account()))
                        .orElse(null);
        return Mono.fromCallable(
                        () ->
                                reader.read(
                                        span.widened(LOG, EARLY, LONGEST_WAIT),
                                        filter,
                                        before,
                                        limit))
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

    private ObjectNode page(PageReader.Page<AuditEntry> page, Caller caller) {
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        ArrayNode entries = answer.putArray("entries");
        Set<String> shown = new HashSet<>();
        for (AuditEntry entry : page.entries()) {
            // What was sent again after a doubtful acknowledgement may be there twice.
            if (shown.add(entry.id())) {
                entries.add(EntryJson.of(entry));
            }
        }
        answer.put(
                "next_cursor",
                page.next() == null ? null : cursors.write(page.next(), caller.account()));
        return answer;
    }

    /// Checks the whole log, whoever asks; how many entries there are and where one is broken is told of the caller's
    /// own only.
    public Mono<ServerResponse> verify(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Caller caller = Caller.of(request);
        return verifications
                .result(EVERYTHING, this::verify)
                .onErrorMap(KafkaException.class, AuditEndpoints::unreadable)
                .flatMap(result -> Answers.json(verdict(result, caller)));
    }

    private ChainCheck.Result verify(long deadline) {
        return verifier.verify(audit.policy().cutoff(clock.instant()).plus(SKEW), deadline);
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
