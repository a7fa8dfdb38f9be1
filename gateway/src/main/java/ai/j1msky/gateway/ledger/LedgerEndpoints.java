package ai.j1msky.gateway.ledger;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.download.Download;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.reading.LongRuns;
import ai.j1msky.gateway.reading.OffsetCursors;
import ai.j1msky.gateway.reading.PageReader;
import ai.j1msky.gateway.reading.TimeSpan;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Query;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `GET /api/billing/ledger`, `/api/billing/reconcile` and `/api/billing/export`. A key sees its own account's money.
public final class LedgerEndpoints implements AutoCloseable {

    private static final int RETRY_AFTER = 2;
    private static final int PAGE = 50;
    private static final int LARGEST_PAGE = 200;
    private static final int LONGEST_TEXT = 1_000;
    private static final int REPLAYS_AT_ONCE = 2;

    private final PageReader<LedgerEntry> reader;
    private final OffsetCursors cursors;
    private final LedgerReplay replay;
    private final LedgerExports exports;
    private final Clock clock;
    private final LongRuns<AccountId, Reconciliation.Result> replays =
            new LongRuns<>("ledger-replay", Problem.LEDGER_RECONCILING, REPLAYS_AT_ONCE);

    public LedgerEndpoints(LogClients clients, MasterKey master, Clock clock) {
        this.reader = new PageReader<>(clients, "ledger-entries", new EntryCodec<>(Topics.LEDGER));
        this.cursors = new OffsetCursors(master, "ledger");
        this.replay = new LedgerReplay(clients);
        this.exports = new LedgerExports(clients);
        this.clock = clock;
    }

    /// The newest first. A page may have fewer entries than asked for, also none, and still a `next_cursor`: a request
    /// looks at so many records only.
    public Mono<ServerResponse> entries(ServerRequest request) {
        Query query = new Query(request, Set.of("from", "to", "agent_id", "limit", "cursor"));
        AccountId account = Caller.of(request).account();
        int limit = query.whole("limit", 1, LARGEST_PAGE, PAGE);
        AccountEntries wanted = new AccountEntries(account, TimeSpan.of(query), agentId(query));
        Long before =
                query.text("cursor", LONGEST_TEXT)
                        .map(text -> cursors.read(text, account))
                        .orElse(null);
        return Mono.fromCallable(() -> reader.read(wanted.stretch(), wanted, before, limit))
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorMap(KafkaException.class, LedgerEndpoints::unreadable)
                .flatMap(page -> Answers.json(page(page, account)));
    }

    private static @Nullable String agentId(Query query) {
        String id = query.text("agent_id", LONGEST_TEXT).orElse(null);
        if (id != null && !AgentId.isValid(id)) {
            throw ProblemException.of(Problem.MALFORMED, "agent_id is not an agent's id.");
        }
        return id;
    }

    private ObjectNode page(PageReader.Page<LedgerEntry> page, AccountId account) {
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        ArrayNode entries = answer.putArray("entries");
        page.entries().forEach(entry -> entries.add(LedgerJson.of(entry)));
        answer.put("next_cursor", page.next() == null ? null : cursors.write(page.next(), account));
        return answer;
    }

    /// Adds the account's whole ledger up.
    public Mono<ServerResponse> reconcile(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        AccountId account = Caller.of(request).account();
        return replays.result(account, deadline -> replay.of(account, deadline))
                .onErrorMap(KafkaException.class, LedgerEndpoints::unreadable)
                .flatMap(result -> Answers.json(LedgerJson.of(result)));
    }

    /// A file of the entries, the oldest first; of the current month when no other time is asked for.
    public Mono<ServerResponse> export(ServerRequest request) {
        Query query = new Query(request, Set.of("format", "from", "to"));
        ExportFormat format =
                query.oneOf("format", ExportFormat.wireNames())
                        .flatMap(ExportFormat::find)
                        .orElse(ExportFormat.CSV);
        FileSpan file = FileSpan.of(TimeSpan.of(query), today());
        AccountEntries wanted = new AccountEntries(Caller.of(request).account(), file.span(), null);
        return Mono.just(
                new Download(
                        "j1msky-ledger-" + file.name() + "." + format.wireName(),
                        format.mediaType(),
                        exports.pieces(wanted, format)
                                .onErrorMap(KafkaException.class, LedgerEndpoints::unreadable)));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private static ProblemException unreadable(Throwable away) {
        return ProblemException.retryAfter(Problem.LEDGER_UNREADABLE, RETRY_AFTER);
    }

    @Override
    public void close() {
        reader.close();
    }
}
