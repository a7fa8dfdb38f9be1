package ai.j1msky.gateway.privacy;

import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.UnreadableException;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.audit.Notes;
import ai.j1msky.gateway.limit.RequestTokens;
import ai.j1msky.gateway.privacy.Receipts.Erased;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.reading.LongRuns;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Deadlines;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.request.StrictBody;
import ai.j1msky.gateway.view.AgentView;
import ai.j1msky.gateway.view.AgentViews;
import ai.j1msky.gateway.webhook.Webhooks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `DELETE /api/agent/{agent_id}/data`, `DELETE /api/privacy/account-data`, and `GET /api/privacy/receipts/{receipt_id}`.
///
/// To delete texts is to delete the data key of their agent: from then on nobody can read them, wherever they lie.
public final class ErasureEndpoints {

    private static final Duration ACK = Duration.ofMillis(2_500);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final int LOOKS = 100;
    private static final int RETRY_AFTER = 2;
    private static final int AT_ONCE = 2;

    /// By then an agent whose key is on the log is among those at work.
    private static final Duration PROJECTED_WITHIN = Duration.ofSeconds(1);

    private static final String CONFIRM = "confirm";
    private static final int LONGEST_ACCOUNT = 64;

    private final AgentViews views;
    private final Webhooks webhooks;
    private final DataKeyLog keys;
    private final MasterKey master;
    private final Receipts receipts;
    private final Clock clock;
    private final LongRuns<AccountId, Erased> accounts =
            new LongRuns<>("account-erasure", Problem.ERASING, AT_ONCE);

    public ErasureEndpoints(
            AgentViews views, Webhooks webhooks, DataKeyLog keys, MasterKey master, Clock clock) {
        this.views = views;
        this.webhooks = webhooks;
        this.keys = keys;
        this.master = master;
        this.receipts = new Receipts(master);
        this.clock = clock;
    }

    /// Deletes the texts of an agent that has ended, and of a team's agents with them. Again answers the same.
    public Mono<ServerResponse> agent(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        AccountId account = Caller.of(request).account();
        AgentId id = agentId(request);
        return views.find(account, id)
                .map(found -> found.orElseThrow(() -> ProblemException.of(Problem.NOT_FOUND)))
                .flatMap(
                        view ->
                                view.erased() != null
                                        ? Mono.just(view.erased())
                                        : erase(request, account, id, view))
                .flatMap(
                        at -> {
                            ObjectNode answer = WireJson.MAPPER.createObjectNode();
                            answer.put("success", true);
                            answer.put(
                                    "receipt_id", receipts.issue(new Erased(account, id, 1, at)));
                            return Answers.json(answer);
                        });
    }

    private Mono<Instant> erase(
            ServerRequest request, AccountId account, AgentId id, AgentView view) {
        if (!view.status().isTerminal()) {
            throw ProblemException.of(Problem.NOT_ENDED);
        }
        JsonNode facts = WireJson.MAPPER.readTree(view.facts());
        JsonNode team = facts.path("member_of");
        if (team.isString()) {
            throw ProblemException.of(
                    Problem.NOT_ENDED,
                    "The agent shares its data with its team: delete those of "
                            + team.stringValue()
                            + ".");
        }
        List<DataKeyLog.Key> all = new ArrayList<>();
        for (JsonNode member : facts.path("members")) {
            all.add(
                    new DataKeyLog.Key(
                            new AgentId(member.path("agent_id").stringValue("")), account));
        }
        // Last: whoever asks again after half of it does the whole.
        all.add(new DataKeyLog.Key(id, account));
        Notes.add(
                request,
                new Notes.Note(
                        AuditEvent.DATA_ERASED,
                        null,
                        new AuditEntry.Resource("agent", id.value()),
                        WireJson.MAPPER.createObjectNode().put("reason", "request")));
        return deleted(all).then(Mono.defer(() -> seen(account, id)));
    }

    private Mono<Void> deleted(List<DataKeyLog.Key> all) {
        return Mono.fromFuture(
                        () ->
                                CompletableFuture.allOf(
                                        all.stream()
                                                .map(keys::delete)
                                                .toArray(CompletableFuture[]::new)))
                .timeout(ACK, Deadlines.CLOCK)
                .onErrorMap(
                        failure ->
                                ProblemException.retryAfter(
                                        failure instanceof LogWriter.NotSentException
                                                ? Problem.LOG_UNAVAILABLE
                                                : Problem.ERASURE_UNKNOWN,
                                        RETRY_AFTER));
    }

    /// When the view says so, the next read has no texts; it is not waited for long, since the log has it.
    private Mono<Instant> seen(AccountId account, AgentId id) {
        return Mono.defer(() -> views.find(account, id))
                .mapNotNull(found -> found.map(AgentView::erased).orElse(null))
                .repeatWhenEmpty(LOOKS, again -> again.delayElements(LOOK_AGAIN))
                .onErrorComplete()
                .defaultIfEmpty(now());
    }

    /// Deletes the texts of all of the account's agents, and its webhooks. What was charged stays, and so do the audit and
    /// the keys: they are what the account is called to account for.
    public Mono<ServerResponse> account(ServerRequest request) {
        Query query = new Query(request, Set.of(CONFIRM));
        Optional<String> inQuery = query.text(CONFIRM, LONGEST_ACCOUNT);
        AccountId account = Caller.of(request).account();
        return StrictBody.readIfAny(request)
                .map(
                        fields -> {
                            Optional<String> given =
                                    fields.optionalText(CONFIRM, 1, LONGEST_ACCOUNT);
                            fields.nothingElse();
                            return given;
                        })
                .defaultIfEmpty(inQuery)
                .doOnNext(given -> requireConfirmed(given.or(() -> inQuery), account))
                .then(Mono.defer(() -> snapshot()))
                .delayElement(PROJECTED_WITHIN)
                .flatMap(before -> requireNoneAtWork(account).thenReturn(before))
                .flatMap(
                        before -> {
                            Notes.add(
                                    request,
                                    new Notes.Note(
                                            AuditEvent.DATA_ERASED,
                                            null,
                                            new AuditEntry.Resource("account", account.value()),
                                            WireJson.MAPPER
                                                    .createObjectNode()
                                                    .put("reason", "request")));
                            return accounts.result(account, deadline -> all(account, before))
                                    .onErrorMap(KafkaException.class, ErasureEndpoints::away);
                        })
                .flatMap(
                        erased ->
                                webhooks.deleteAll(account)
                                        .flatMap(
                                                hooks -> {
                                                    ObjectNode answer =
                                                            WireJson.MAPPER.createObjectNode();
                                                    answer.put("success", true);
                                                    answer.put("account", account.value());
                                                    answer.put("agents", erased.agents());
                                                    answer.put("webhooks", hooks);
                                                    answer.put(
                                                            "receipt_id", receipts.issue(erased));
                                                    return Answers.json(answer);
                                                }));
    }

    /// Where the keys of what is to be deleted stand: what comes later is not meant, and may be at work.
    ///
    /// @param ends of all partitions at that time
    private record Before(Instant at, Map<TopicPartition, Long> ends) {}

    private Mono<Before> snapshot() {
        return Mono.fromCallable(
                        () -> {
                            try (DataKeyLog.Reader reader = keys.reader()) {
                                return new Before(now(), reader.ends());
                            }
                        })
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorMap(KafkaException.class, ErasureEndpoints::away);
    }

    private static void requireConfirmed(Optional<String> given, AccountId account) {
        if (!given.equals(Optional.of(account.value()))) {
            throw StrictBody.invalid(
                    "confirm must be the name of the account whose data are to be deleted: "
                            + account
                            + ".");
        }
    }

    private Mono<Void> requireNoneAtWork(AccountId account) {
        return views.list(account, null, null, AgentViews.Cursor.START, 1, RequestTokens.NONE)
                .doOnNext(
                        page -> {
                            if (page.count() > 0) {
                                throw ProblemException.of(
                                        Problem.NOT_ENDED,
                                        page.count()
                                                + " agents of the account have not ended. Wait for them or cancel"
                                                + " them first (GET /api/agents).");
                            }
                        })
                .then();
    }

    private Erased all(AccountId account, Before before) {
        int erased = 0;
        try (DataKeyLog.Reader reader = keys.reader()) {
            for (TopicPartition partition : DataKeyLog.partitions()) {
                List<DataKeyLog.Key> all =
                        reader
                                .standing(
                                        partition,
                                        before.ends,
                                        entry -> entry.accountId().equals(account))
                                .stream()
                                .map(entry -> new DataKeyLog.Key(entry.agentId(), account))
                                .toList();
                keys.deleteAll(all);
                erased += all.size();
            }
        }
        return new Erased(account, null, erased, before.at);
    }

    /// What a receipt is about, after an attempt to read what it says was deleted.
    public Mono<ServerResponse> receipt(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        AccountId account = Caller.of(request).account();
        Erased erased =
                receipts.read(request.pathVariable("receipt_id"))
                        .filter(found -> found.account().equals(account))
                        .orElseThrow(() -> ProblemException.of(Problem.NOT_FOUND));
        Mono<Optional<AgentView>> view =
                erased.agent() == null
                        ? Mono.just(Optional.empty())
                        : views.find(account, erased.agent());
        return view.flatMap(
                        found ->
                                Mono.fromCallable(() -> check(erased, found))
                                        .subscribeOn(Schedulers.boundedElastic()))
                .onErrorMap(KafkaException.class, ErasureEndpoints::away)
                .flatMap(Answers::json);
    }

    /// Tries every key that the view and the log have.
    private ObjectNode check(Erased erased, Optional<AgentView> view) {
        AtomicBoolean readable = new AtomicBoolean();
        AtomicBoolean left = new AtomicBoolean();
        AgentId agent = erased.agent();
        if (agent != null) {
            view.map(AgentView::dataKey)
                    .filter(key -> opens(new WrappedKey(key), agent))
                    .ifPresent(_ -> readable.set(true));
        }
        List<TopicPartition> partitions =
                agent == null ? DataKeyLog.partitions() : List.of(DataKeyLog.partition(agent));
        try (DataKeyLog.Reader reader = keys.reader()) {
            for (TopicPartition partition : partitions) {
                boolean opens =
                        reader.standing(partition, entry -> isLeft(erased, entry, left)).stream()
                                .anyMatch(entry -> opens(entry.wrapped(), entry.agentId()));
                readable.compareAndSet(false, opens);
            }
        }
        return receipts.json(erased, readable.get(), !left.get(), now());
    }

    private static boolean isLeft(Erased erased, DataKeyEntry entry, AtomicBoolean left) {
        boolean about = erased.isAbout(entry.agentId(), entry.accountId(), entry.at());
        left.compareAndSet(false, about);
        return about;
    }

    private boolean opens(WrappedKey key, AgentId agent) {
        try {
            var _ = master.unwrap(key, agent);
            return true;
        } catch (UnreadableException gone) {
            return false;
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static ProblemException away(Throwable failure) {
        return ProblemException.retryAfter(Problem.ERASURE_UNKNOWN, RETRY_AFTER);
    }

    private static AgentId agentId(ServerRequest request) {
        String text = request.pathVariable("agent_id");
        if (!AgentId.isValid(text)) {
            throw ProblemException.of(Problem.NOT_FOUND);
        }
        return new AgentId(text);
    }
}
