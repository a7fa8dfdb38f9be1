package ai.j1msky.gateway.webhook;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.Webhook;
import ai.j1msky.common.webhook.WebhookEvent;
import ai.j1msky.common.webhook.WebhookId;
import ai.j1msky.common.webhook.WebhookSecret;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.audit.Notes;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Fields;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.request.ReadBack;
import ai.j1msky.gateway.request.StrictBody;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST` and `GET /api/webhooks`, `GET`, `PUT` and `DELETE /api/webhooks/{webhook_id}` and `POST …/rotate`. Of
/// the caller's account alone: any other's endpoint is not there (404). A change is answered when this gateway has read it
/// back.
public final class WebhookEndpoints {

    /// Of one account.
    private static final int MOST = 20;

    /// So long the secret before a rotation signs too.
    private static final Duration GRACE = Duration.ofHours(24);

    private static final int LONGEST_URL = 2_000;
    private static final int LONGEST_SECRET = 512;
    private static final List<String> EVENTS =
            Arrays.stream(WebhookEvent.values())
                    .filter(WebhookEvent::isForSubscribers)
                    .map(WebhookEvent::wireName)
                    .toList();

    private final Webhooks webhooks;
    private final Targets targets;
    private final LogWriter log;
    private final MasterKey master;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final EntryCodec<Webhook> codec = new EntryCodec<>(Topics.WEBHOOKS);

    public WebhookEndpoints(
            Webhooks webhooks, Targets targets, LogWriter log, MasterKey master, Clock clock) {
        this.webhooks = webhooks;
        this.targets = targets;
        this.log = log;
        this.master = master;
        this.clock = clock;
    }

    /// A secret, and its text if it was made here: that is shown once.
    private record Given(String text, @Nullable String minted) {}

    public Mono<ServerResponse> create(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        AccountId account = Caller.of(request).account();
        return StrictBody.read(request)
                .flatMap(
                        fields -> {
                            webhooks.requireReady();
                            String url = fields.text("url", 1, LONGEST_URL);
                            List<WebhookEvent> events = events(fields);
                            Given secret = secret(fields);
                            fields.nothingElse();
                            return targets.require(url)
                                    .then(
                                            Mono.defer(
                                                    () ->
                                                            create(
                                                                    request, account, url, events,
                                                                    secret)));
                        });
    }

    private Mono<ServerResponse> create(
            ServerRequest request,
            AccountId account,
            String url,
            List<WebhookEvent> events,
            Given secret) {
        List<Webhook> known = webhooks.of(account);
        Optional<Webhook> same = known.stream().filter(w -> w.url().equals(url)).findFirst();
        if (same.isEmpty() && known.size() >= MOST) {
            throw ProblemException.of(Problem.TOO_MANY_WEBHOOKS);
        }
        Instant now = clock.instant();
        WebhookId id = same.map(Webhook::webhookId).orElseGet(() -> WebhookId.mint(random));
        Webhook webhook =
                same.map(w -> changed(w, url, events, now))
                        .map(w -> secret.minted == null ? rotated(w, secret, null, now) : w)
                        .orElseGet(
                                () ->
                                        new Webhook(
                                                id,
                                                account,
                                                url,
                                                events,
                                                Webhook.seal(master, id, secret.text),
                                                null,
                                                1,
                                                now,
                                                now));
        // Nobody learns the secret of an endpoint that was there before.
        String shown = same.isPresent() ? null : secret.minted;
        Notes.change(request, "webhook", id.value(), same.isPresent() ? "changed" : "created");
        return readBack(() -> log.append(codec, webhook))
                .then(Answers.json(WebhookJson.changed(webhook, shown)));
    }

    public Mono<ServerResponse> list(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        webhooks.requireReady();
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        ArrayNode all = answer.putArray("webhooks");
        webhooks.of(Caller.of(request).account())
                .forEach(webhook -> all.add(WebhookJson.of(webhook, webhooks.state(webhook))));
        return Answers.json(answer);
    }

    public Mono<ServerResponse> get(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Webhook webhook = webhooks.named(request);
        return Answers.json(WebhookJson.of(webhook, webhooks.state(webhook)));
    }

    /// What is left out stays as it is. An endpoint that was disabled is enabled.
    public Mono<ServerResponse> update(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Webhook webhook = webhooks.named(request);
        return StrictBody.read(request)
                .flatMap(
                        fields -> {
                            String url =
                                    fields.optionalText("url", 1, LONGEST_URL)
                                            .orElse(webhook.url());
                            List<WebhookEvent> events =
                                    fields.has("events") ? events(fields) : webhook.events();
                            fields.nothingElse();
                            Webhook after = changed(webhook, url, events, clock.instant());
                            return targets.require(url).then(publish(request, after, "changed"));
                        });
    }

    /// Deleting what is not there answers as anything that is not there: 404.
    public Mono<ServerResponse> delete(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Webhook webhook = webhooks.named(request);
        Notes.change(request, "webhook", webhook.webhookId().value(), "deleted");
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.put("success", true);
        return readBack(() -> log.delete(codec, webhook.logKey())).then(Answers.json(answer));
    }

    /// Another secret. Both sign for a day, so that receivers can change over.
    public Mono<ServerResponse> rotate(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        Webhook webhook = webhooks.named(request);
        return StrictBody.readIfAny(request)
                .map(
                        fields -> {
                            Given given = secret(fields);
                            fields.nothingElse();
                            return given;
                        })
                .switchIfEmpty(Mono.fromSupplier(this::minted))
                .flatMap(
                        secret -> {
                            Instant now = clock.instant();
                            Webhook after = rotated(webhook, secret, now.plus(GRACE), now);
                            Notes.change(
                                    request, "webhook", webhook.webhookId().value(), "rotated");
                            return readBack(() -> log.append(codec, after))
                                    .then(Answers.json(WebhookJson.changed(after, secret.minted)));
                        });
    }

    private Webhook changed(Webhook webhook, String url, List<WebhookEvent> events, Instant now) {
        boolean disabled = webhooks.state(webhook).disables(webhook);
        return new Webhook(
                webhook.webhookId(),
                webhook.accountId(),
                url,
                events,
                webhook.secret(),
                webhook.previous(),
                disabled ? webhook.enabled() + 1 : webhook.enabled(),
                webhook.created(),
                now);
    }

    /// @param until how long the secret before it signs too; null for no longer
    private Webhook rotated(Webhook webhook, Given secret, @Nullable Instant until, Instant now) {
        return new Webhook(
                webhook.webhookId(),
                webhook.accountId(),
                webhook.url(),
                webhook.events(),
                Webhook.seal(master, webhook.webhookId(), secret.text),
                until == null
                        ? null
                        : new Webhook.Previous(
                                webhook.secret(), until.truncatedTo(ChronoUnit.MILLIS)),
                webhook.enabled(),
                webhook.created(),
                now);
    }

    private Mono<ServerResponse> publish(ServerRequest request, Webhook webhook, String action) {
        return Mono.defer(
                () -> {
                    Notes.change(request, "webhook", webhook.webhookId().value(), action);
                    return readBack(() -> log.append(codec, webhook))
                            .then(Answers.json(WebhookJson.changed(webhook, null)));
                });
    }

    private static List<WebhookEvent> events(Fields fields) {
        return fields.someOf("events", EVENTS).stream()
                .map(name -> WebhookEvent.find(name).orElseThrow())
                .toList();
    }

    private Given secret(Fields fields) {
        return fields.optionalText("secret", 1, LONGEST_SECRET)
                .map(
                        text -> {
                            WebhookSecret.mistake(text)
                                    .ifPresent(
                                            mistake -> {
                                                throw StrictBody.invalid("secret " + mistake);
                                            });
                            return new Given(text, null);
                        })
                .orElseGet(this::minted);
    }

    private Given minted() {
        String text = WebhookSecret.mint(random);
        return new Given(text, text);
    }

    private Mono<Void> readBack(Supplier<CompletableFuture<Position>> sending) {
        return ReadBack.of(sending, webhooks::reached, Problem.WEBHOOK_OUTCOME_UNKNOWN);
    }
}
