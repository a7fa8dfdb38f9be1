package ai.j1msky.gateway.webhook;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.registry.FoldedRegistry;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.Webhook;
import ai.j1msky.common.webhook.WebhookState;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.request.ReadBack;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// All endpoints and how they stand, folded in memory from their topics. Thread-safe.
public final class Webhooks implements AutoCloseable {

    private static final int STARTING_RETRY = 1;

    private final FoldedRegistry<Webhook> registry;
    private final FoldedRegistry<WebhookState> states;
    private final LogWriter log;
    private final EntryCodec<Webhook> codec = new EntryCodec<>(Topics.WEBHOOKS);

    public Webhooks(LogClients clients, LogWriter log) {
        this.log = log;
        this.registry = new FoldedRegistry<>(codec, clients, changed -> {});
        this.states =
                new FoldedRegistry<>(
                        new EntryCodec<>(Topics.WEBHOOK_STATES), clients, changed -> {});
    }

    public void start() {
        registry.start();
        states.start();
    }

    /// The account's, oldest first.
    public List<Webhook> of(AccountId account) {
        return registry.all().stream()
                .filter(webhook -> webhook.accountId().equals(account))
                .sorted(Comparator.comparing(Webhook::created).thenComparing(Webhook::logKey))
                .toList();
    }

    private Optional<Webhook> find(AccountId account, String id) {
        return registry.find(id).filter(webhook -> webhook.accountId().equals(account));
    }

    /// The endpoint of the caller's account that the path names; any other is not there.
    Webhook named(ServerRequest request) {
        requireReady();
        return find(Caller.of(request).account(), request.pathVariable("webhook_id"))
                .orElseThrow(() -> ProblemException.of(Problem.NOT_FOUND));
    }

    /// Whether everything was read that there was at the start.
    boolean isReady() {
        return registry.isCaughtUp() && states.isCaughtUp();
    }

    void requireReady() {
        if (!isReady()) {
            throw ProblemException.retryAfter(Problem.STARTING, STARTING_RETRY);
        }
    }

    /// How all endpoints stand that were ever disabled.
    List<WebhookState> disabled() {
        return states.all().stream().filter(state -> state.disabled() != null).toList();
    }

    public WebhookState state(Webhook webhook) {
        return states.find(webhook.logKey()).orElseGet(() -> WebhookState.of(webhook));
    }

    /// Deletes all of the account's; tells how many those were.
    public Mono<Integer> deleteAll(AccountId account) {
        return Mono.fromRunnable(this::requireReady)
                .thenMany(Flux.defer(() -> Flux.fromIterable(of(account))))
                .concatMap(
                        webhook ->
                                ReadBack.of(
                                                () -> log.delete(codec, webhook.logKey()),
                                                this::reached,
                                                Problem.WEBHOOK_OUTCOME_UNKNOWN)
                                        .thenReturn(1))
                .count()
                .map(Long::intValue);
    }

    /// Completes when the record at that position has been read.
    CompletableFuture<Void> reached(Position position) {
        return registry.reached(position);
    }

    @Override
    public void close() {
        registry.close();
        states.close();
    }
}
