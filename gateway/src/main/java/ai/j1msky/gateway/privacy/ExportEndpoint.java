package ai.j1msky.gateway.privacy;

import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogScan;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.agent.AgentJson;
import ai.j1msky.gateway.apikey.Keyring;
import ai.j1msky.gateway.audit.Notes;
import ai.j1msky.gateway.auditlog.EntryJson;
import ai.j1msky.gateway.keyadmin.KeyJson;
import ai.j1msky.gateway.ledger.Download;
import ai.j1msky.gateway.ledger.DownloadSlots;
import ai.j1msky.gateway.ledger.LedgerJson;
import ai.j1msky.gateway.privacy.Archive.Line;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.view.StoredAgents;
import ai.j1msky.gateway.view.TextReader;
import ai.j1msky.gateway.webhook.WebhookJson;
import ai.j1msky.gateway.webhook.Webhooks;
import io.lettuce.core.RedisException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.node.ObjectNode;

/// `GET /api/privacy/export`: all that is kept of an account in one ZIP archive, made while it is sent.
///
/// `manifest.json` comes first and says how many agents follow; each file has one JSON object a line: `keys.jsonl`,
/// `webhooks.jsonl`, `agents-01.jsonl` to `agents-12.jsonl`, `ledger.jsonl`, `audit.jsonl`.
public final class ExportEndpoint {

    private static final Duration LONGEST = Duration.ofMinutes(30);
    private static final int RETRY_AFTER = 5;
    private static final int AT_ONCE = 2;

    private final LogClients clients;
    private final DataKeyLog keys;
    private final StoredAgents agents;
    private final TextReader texts;
    private final Keyring keyring;
    private final Webhooks webhooks;
    private final Clock clock;
    private final DownloadSlots slots = new DownloadSlots(AT_ONCE, 1);

    public ExportEndpoint(
            LogClients clients,
            DataKeyLog keys,
            StoredAgents agents,
            TextReader texts,
            Keyring keyring,
            Webhooks webhooks,
            Clock clock) {
        this.clients = clients;
        this.keys = keys;
        this.agents = agents;
        this.texts = texts;
        this.keyring = keyring;
        this.webhooks = webhooks;
        this.clock = clock;
    }

    public Mono<ServerResponse> export(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        AccountId account = Caller.of(request).account();
        Notes.add(
                request,
                new Notes.Note(
                        AuditEvent.DATA_EXPORTED,
                        null,
                        new AuditEntry.Resource("account", account.value()),
                        WireJson.MAPPER.createObjectNode()));
        String day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString();
        Flux<byte[]> pieces =
                Flux.using(
                        () -> slots.take(account),
                        (AccountId _) ->
                                Flux.generate(
                                                () -> new Archive(lines(account)),
                                                ExportEndpoint::next,
                                                ExportEndpoint::closeLater)
                                        .subscribeOn(Schedulers.boundedElastic()),
                        slots::giveBack);
        return Mono.just(
                new Download(
                        "j1msky-" + account + "-" + day + ".zip",
                        MediaType.parseMediaType("application/zip"),
                        pieces.onErrorMap(ExportEndpoint::isAway, ExportEndpoint::unreadable)));
    }

    private static Archive next(Archive archive, SynchronousSink<byte[]> sink) {
        try {
            Optional<byte[]> piece = archive.next();
            if (piece.isPresent()) {
                sink.next(piece.get());
            } else {
                sink.complete();
            }
        } catch (InterruptException left) {
            // The client has gone, and so has everybody who would hear of it.
            sink.complete();
        }
        return archive;
    }

    /// Whoever hangs up does so on an event loop.
    private static void closeLater(Archive archive) {
        Disposable _ = Schedulers.boundedElastic().schedule(archive::close);
    }

    /// Each part is opened when the one before has been read.
    private Stream<Line> lines(AccountId account) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        return Stream.<Supplier<Stream<Line>>>of(
                        () -> Stream.of(manifest(account)),
                        () -> keys(account),
                        () -> webhooks(account),
                        () -> agents(account),
                        () -> ledger(account, deadline),
                        () -> audit(account, deadline))
                .flatMap(Supplier::get);
    }

    private Line manifest(AccountId account) {
        ObjectNode manifest = WireJson.MAPPER.createObjectNode();
        manifest.put("account", account.value());
        manifest.put("created", clock.instant().toString());
        int agents = 0;
        try (DataKeyLog.Reader reader = keys.reader()) {
            for (TopicPartition partition : DataKeyLog.partitions()) {
                agents += standing(reader, partition, account).size();
            }
        }
        manifest.put("agents", agents);
        return new Line("manifest.json", manifest.toString());
    }

    private Stream<Line> keys(AccountId account) {
        return keyring.all().stream()
                .filter(key -> key.account().equals(account))
                .map(key -> KeyJson.metadata(key, null, clock.instant()))
                .map(json -> new Line("keys.jsonl", json.toString()));
    }

    private Stream<Line> webhooks(AccountId account) {
        return webhooks.of(account).stream()
                .map(webhook -> WebhookJson.of(webhook, webhooks.state(webhook)))
                .map(json -> new Line("webhooks.jsonl", json.toString()));
    }

    private Stream<Line> agents(AccountId account) {
        DataKeyLog.Reader reader = keys.reader();
        return DataKeyLog.partitions().stream()
                .flatMap(partition -> agents(reader, partition, account))
                .onClose(reader::close);
    }

    private Stream<Line> agents(
            DataKeyLog.Reader reader, TopicPartition partition, AccountId account) {
        String file = "agents-%02d.jsonl".formatted(partition.partition() + 1);
        return standing(reader, partition, account).stream()
                .sorted(Comparator.comparing(DataKeyEntry::at))
                .flatMap(entry -> json(account, entry.agentId()).stream())
                .map(json -> new Line(file, json));
    }

    private Optional<String> json(AccountId account, AgentId agent) {
        return agents.view(new StoredAgents.Key(account, agent))
                .map(view -> AgentJson.full(view, texts.read(agent, view)));
    }

    private static Collection<DataKeyEntry> standing(
            DataKeyLog.Reader reader, TopicPartition partition, AccountId account) {
        return reader.standing(partition, entry -> entry.accountId().equals(account));
    }

    private Stream<Line> ledger(AccountId account, long deadline) {
        return TopicLines.of(
                        clients,
                        new EntryCodec<LedgerEntry>(Topics.LEDGER),
                        LogScan.partition(Topics.LEDGER, account.value()),
                        entry -> entry.accountId().equals(account),
                        deadline)
                .map(entry -> new Line("ledger.jsonl", LedgerJson.of(entry).toString()));
    }

    private Stream<Line> audit(AccountId account, long deadline) {
        return TopicLines.of(
                        clients,
                        new EntryCodec<AuditEntry>(Topics.AUDIT),
                        new TopicPartition(Topics.AUDIT.name(), 0),
                        entry -> entry.account().equals(account),
                        deadline)
                .map(entry -> new Line("audit.jsonl", EntryJson.of(entry).toString()));
    }

    private static boolean isAway(Throwable failure) {
        return failure instanceof KafkaException || failure instanceof RedisException;
    }

    private static ProblemException unreadable(Throwable away) {
        return ProblemException.retryAfter(Problem.EXPORT_UNREADABLE, RETRY_AFTER);
    }
}
