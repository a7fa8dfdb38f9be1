package ai.j1msky.gateway.privacy;

import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogScan;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.apikey.Keyring;
import ai.j1msky.gateway.audit.Notes;
import ai.j1msky.gateway.auditlog.EntryJson;
import ai.j1msky.gateway.download.Download;
import ai.j1msky.gateway.download.DownloadSlots;
import ai.j1msky.gateway.keyadmin.KeyJson;
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
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/// `GET /api/privacy/export`: all that is kept of an account in one ZIP archive, made while it is sent.
///
/// `manifest.json` comes first and says how many agents follow; each file has one JSON object a line: `keys.jsonl`,
/// `webhooks.jsonl`, `agents-01.jsonl` to `agents-12.jsonl`, `ledger.jsonl`, `audit.jsonl`.
public final class ExportEndpoint {

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
        return Mono.just(
                new Download(
                        "j1msky-" + account + "-" + day + ".zip",
                        MediaType.parseMediaType("application/zip"),
                        slots.pieces(account, () -> new Archive(parts(account)))
                                .onErrorMap(ExportEndpoint::isAway, ExportEndpoint::unreadable)));
    }

    private List<Supplier<Part>> parts(AccountId account) {
        return List.of(
                () -> new Lines(List.of(manifest(account))),
                () -> new Lines(keys(account)),
                () -> new Lines(webhooks(account)),
                () -> new AgentLines(keys.reader(), agents, texts, account),
                () -> ledger(account),
                () -> audit(account));
    }

    private Line manifest(AccountId account) {
        ObjectNode manifest = WireJson.MAPPER.createObjectNode();
        manifest.put("account", account.value());
        manifest.put("created", clock.instant().toString());
        try (DataKeyLog.Reader reader = keys.reader()) {
            manifest.put("agents", AgentLines.count(reader, account));
        }
        return new Line("manifest.json", manifest.toString());
    }

    private List<Line> keys(AccountId account) {
        return keyring.all().stream()
                .filter(key -> key.account().equals(account))
                .map(key -> KeyJson.metadata(key, null, clock.instant()))
                .map(json -> new Line("keys.jsonl", json.toString()))
                .toList();
    }

    private List<Line> webhooks(AccountId account) {
        return webhooks.of(account).stream()
                .map(webhook -> WebhookJson.of(webhook, webhooks.state(webhook)))
                .map(json -> new Line("webhooks.jsonl", json.toString()))
                .toList();
    }

    private Part ledger(AccountId account) {
        return new TopicLines<>(
                clients,
                new EntryCodec<LedgerEntry>(Topics.LEDGER),
                LogScan.partition(Topics.LEDGER, account.value()),
                entry ->
                        Optional.of(entry)
                                .filter(each -> each.accountId().equals(account))
                                .map(LedgerJson::of)
                                .map(json -> new Line("ledger.jsonl", json.toString())));
    }

    private Part audit(AccountId account) {
        return new TopicLines<>(
                clients,
                new EntryCodec<AuditEntry>(Topics.AUDIT),
                new TopicPartition(Topics.AUDIT.name(), 0),
                entry ->
                        Optional.of(entry)
                                .filter(each -> each.account().equals(account))
                                .map(EntryJson::of)
                                .map(json -> new Line("audit.jsonl", json.toString())));
    }

    private static boolean isAway(Throwable failure) {
        return failure instanceof KafkaException || failure instanceof RedisException;
    }

    private static ProblemException unreadable(Throwable away) {
        return ProblemException.retryAfter(Problem.EXPORT_UNREADABLE, RETRY_AFTER);
    }
}
