package ai.j1msky.gateway.webhook;

import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.UnreadableException;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.DeliveryId;
import ai.j1msky.common.webhook.Webhook;
import ai.j1msky.common.webhook.WebhookDelivery;
import ai.j1msky.common.webhook.WebhookRequest;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.reading.OffsetCursors;
import ai.j1msky.gateway.reading.TimeSpan;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Fields;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.request.ReadBack;
import ai.j1msky.gateway.request.RequestIds;
import ai.j1msky.gateway.request.StrictBody;
import ai.j1msky.gateway.view.AgentView;
import ai.j1msky.gateway.view.StoredAgents;
import io.lettuce.core.RedisException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `GET /api/webhooks/{webhook_id}/deliveries`, `POST …/deliveries/{delivery_id}/resend`, `…/replay` and `…/test`: what
/// endpoints were told, and what they are to be told again. The notifier does it.
public final class DeliveryEndpoints implements AutoCloseable {

    private static final Duration SKEW = Duration.ofHours(1);
    private static final int RETRY_AFTER = 2;
    private static final int PAGE = 50;
    private static final int LARGEST_PAGE = 200;
    private static final int LONGEST_CURSOR = 500;
    private static final String BODY = "body";

    private final Webhooks webhooks;
    private final Deliveries deliveries;
    private final OffsetCursors cursors;
    private final LogWriter log;
    private final MasterKey master;
    private final StoredAgents agents;
    private final Clock clock;
    private final EntryCodec<WebhookRequest> requests = new EntryCodec<>(Topics.WEBHOOK_REQUESTS);

    public DeliveryEndpoints(
            Webhooks webhooks,
            LogClients clients,
            LogWriter log,
            MasterKey master,
            StoredAgents agents,
            Clock clock) {
        this.master = master;
        this.agents = agents;
        this.webhooks = webhooks;
        this.deliveries = new Deliveries(clients);
        this.cursors = new OffsetCursors(master, "deliveries");
        this.log = log;
        this.clock = clock;
    }

    /// What the endpoint was told, the newest first. A page may have fewer than asked for, also none, and still a
    /// `next_cursor`: a request looks at so many records only.
    public Mono<ServerResponse> list(ServerRequest request) {
        Query query = new Query(request, Set.of("limit", "cursor", BODY));
        Webhook webhook = webhooks.named(request);
        int limit = query.whole("limit", 1, LARGEST_PAGE, PAGE);
        Long before =
                query.text("cursor", LONGEST_CURSOR)
                        .map(text -> cursors.read(text, webhook.accountId()))
                        .orElse(null);
        boolean bodies =
                query.oneOf(BODY, List.of("true", "false")).filter("true"::equals).isPresent();
        return Mono.fromCallable(() -> page(webhook, before, limit, bodies))
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorMap(
                        RedisException.class,
                        away -> ProblemException.retryAfter(Problem.STORE_UNAVAILABLE, RETRY_AFTER))
                .onErrorMap(
                        KafkaException.class,
                        away ->
                                ProblemException.retryAfter(
                                        Problem.DELIVERIES_UNREADABLE, RETRY_AFTER))
                .flatMap(Answers::json);
    }

    private ObjectNode page(Webhook webhook, @Nullable Long before, int limit, boolean bodies) {
        Deliveries.Listed listed = deliveries.of(webhook, before, limit);
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        ArrayNode all = answer.putArray("deliveries");
        for (Deliveries.Told told : listed.deliveries()) {
            ObjectNode json = WebhookJson.of(told);
            if (bodies) {
                json.put(BODY, body(told.delivery()));
            }
            all.add(json);
        }
        Long next = listed.next();
        answer.put("next_cursor", next == null ? null : cursors.write(next, webhook.accountId()));
        return answer;
    }

    /// What is sent, to the byte; null once the agent's data were deleted.
    private @Nullable String body(WebhookDelivery delivery) {
        String field = WebhookDelivery.bodyField(delivery.deliveryId());
        AgentId agent = delivery.agentId();
        try {
            if (agent == null) {
                return master.openSecret(delivery.body().value(), field);
            }
            String key =
                    agents.view(new StoredAgents.Key(delivery.accountId(), agent))
                            .map(AgentView::dataKey)
                            .orElse(null);
            return key == null
                    ? null
                    : master.unwrap(new WrappedKey(key), agent).open(agent, field, delivery.body());
        } catch (UnreadableException gone) {
            return null;
        }
    }

    public Mono<ServerResponse> test(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Webhook webhook = enabled(request);
        WebhookRequest wish =
                WebhookRequest.test(webhook, RequestIds.next().value(), clock.instant());
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.put("success", true);
        return StrictBody.readIfAny(request)
                .doOnNext(Fields::nothingElse)
                .then(Mono.defer(() -> ask(wish)))
                .then(Answers.json(answer));
    }

    /// One delivery again, under its id. One that is still tried is not tried more often.
    public Mono<ServerResponse> resend(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Webhook webhook = enabled(request);
        String id = request.pathVariable("delivery_id");
        return StrictBody.readIfAny(request)
                .doOnNext(Fields::nothingElse)
                .then(found(() -> deliveries.find(webhook, id)))
                .flatMap(delivery -> again(webhook, delivery.deliveryId(), delivery.at(), 1));
    }

    /// All that were made since a time, under their ids.
    public Mono<ServerResponse> replay(ServerRequest request) {
        Query query = new Query(request, Set.of("since"));
        Webhook webhook = enabled(request);
        Instant since = TimeSpan.since(query);
        return StrictBody.readIfAny(request)
                .doOnNext(Fields::nothingElse)
                .then(found(() -> Optional.of(deliveries.count(webhook, since))))
                .flatMap(count -> again(webhook, null, since, count));
    }

    private <T> Mono<T> found(Supplier<Optional<T>> search) {
        return Mono.fromCallable(search::get)
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorMap(
                        KafkaException.class,
                        away ->
                                ProblemException.retryAfter(
                                        Problem.DELIVERIES_UNREADABLE, RETRY_AFTER))
                .map(result -> result.orElseThrow(() -> ProblemException.of(Problem.NOT_FOUND)));
    }

    private Mono<ServerResponse> again(
            Webhook webhook, @Nullable DeliveryId delivery, Instant since, int count) {
        // The clocks of the notifier and the broker may differ.
        WebhookRequest wish =
                WebhookRequest.resend(
                        webhook,
                        delivery,
                        delivery == null ? since : since.minus(SKEW),
                        RequestIds.next().value(),
                        clock.instant());
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.put("success", true);
        answer.put("count", count);
        return count == 0 ? Answers.json(answer) : ask(wish).then(Answers.json(answer));
    }

    private Mono<Void> ask(WebhookRequest wish) {
        return ReadBack.of(
                () -> log.append(requests, wish),
                written -> CompletableFuture.completedFuture(null),
                Problem.POLICY_OUTCOME_UNKNOWN);
    }

    private Webhook enabled(ServerRequest request) {
        Webhook webhook = webhooks.named(request);
        if (webhooks.state(webhook).disables(webhook)) {
            throw ProblemException.of(Problem.WEBHOOK_DISABLED);
        }
        return webhook;
    }

    @Override
    public void close() {
        deliveries.close();
    }
}
