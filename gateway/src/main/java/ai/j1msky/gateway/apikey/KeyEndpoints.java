package ai.j1msky.gateway.apikey;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.audit.Notes;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Fields;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.request.StrictBody;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST /api/keys`, `GET /api/keys`, `DELETE /api/keys/{key_id}`. A change is answered when this gateway has read it
/// back, so the next request sees it.
public final class KeyEndpoints {

    private static final Duration PATIENCE = Duration.ofMillis(2_500);
    private static final int RETRY_AFTER = 2;
    private static final int LONGEST_REASON = 500;

    private final Keyring keyring;
    private final LogWriter log;
    private final MasterKey master;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final EntryCodec<ApiKey> codec = new EntryCodec<>(Topics.API_KEYS);

    public KeyEndpoints(Keyring keyring, LogWriter log, MasterKey master, Clock clock) {
        this.keyring = keyring;
        this.log = log;
        this.master = master;
        this.clock = clock;
    }

    public Mono<ServerResponse> create(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        return StrictBody.read(request)
                .map(this::mint)
                .doOnNext(minted -> Notes.change(request, "api_key", id(minted.kept()), "created"))
                .flatMap(minted -> publish(minted.kept()).thenReturn(minted))
                .flatMap(minted -> Answers.json(shownOnce(minted)));
    }

    public Mono<ServerResponse> list(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        ArrayNode keys = answer.putArray("keys");
        keyring.all().stream()
                .filter(key -> key.isUsableAt(clock.instant()))
                .sorted(
                        Comparator.comparing(ApiKey::created)
                                .thenComparing(key -> key.keyId().value()))
                .forEach(key -> keys.add(metadata(key)));
        return Answers.json(answer);
    }

    /// Revokes at once; revoking again answers the same. A reason may come in the query or in a body.
    public Mono<ServerResponse> revoke(ServerRequest request) {
        Query query = new Query(request, Set.of("reason", "notify_user"));
        query.text("reason", LONGEST_REASON);
        query.oneOf("notify_user", List.of("true", "false"));
        String id = request.pathVariable("key_id");
        ApiKey key =
                keyring.all().stream()
                        .filter(candidate -> candidate.keyId().value().equals(id))
                        .findFirst()
                        .orElseThrow(() -> ProblemException.of(Problem.NOT_FOUND));
        Mono<Void> done =
                key.revoked() != null ? Mono.empty() : publish(key.revokedAt(clock.instant()));
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.put("success", true);
        answer.put("message", "Key revoked");
        return StrictBody.readIfAny(request)
                .doOnNext(KeyEndpoints::requireReason)
                .then(Mono.fromRunnable(() -> Notes.change(request, "api_key", id(key), "revoked")))
                .then(done)
                .then(Answers.json(answer));
    }

    private static String id(ApiKey key) {
        return key.keyId().value();
    }

    private static void requireReason(Fields fields) {
        fields.optionalText("reason", 0, LONGEST_REASON);
        fields.flag("notify_user", false);
        fields.nothingElse();
    }

    private MintedKey mint(Fields fields) {
        String name = fields.text("name", 1, 100);
        String env =
                fields.oneOf(
                        "env",
                        Arrays.stream(KeyEnvironment.values())
                                .map(KeyEnvironment::wireName)
                                .toList());
        List<String> scopes =
                fields.someOf(
                        "scopes", Arrays.stream(Scope.values()).map(Scope::wireName).toList());
        String account = fields.optionalText("account", 1, 64).orElse(AccountId.MAIN.value());
        boolean requireSignature = fields.flag("require_signature", false);
        fields.nothingElse();
        if (!AccountId.isValid(account)) {
            throw ProblemException.of(
                    Problem.BODY_INVALID, "account must be 1 to 64 of a-z, 0-9, _ and -.");
        }
        if (requireSignature) {
            throw ProblemException.of(
                    Problem.BODY_INVALID,
                    "require_signature is not available in this version; leave it out.");
        }
        Set<Scope> granted =
                scopes.stream().map(s -> Scope.find(s).orElseThrow()).collect(Collectors.toSet());
        return MintedKey.mint(
                new AccountId(account),
                name,
                KeyEnvironment.find(env).orElseThrow(),
                granted,
                requireSignature,
                master,
                clock.instant(),
                random);
    }

    private Mono<Void> publish(ApiKey key) {
        return Mono.fromFuture(() -> log.append(codec, key).thenCompose(keyring::reached))
                .timeout(PATIENCE)
                .onErrorMap(
                        failure ->
                                ProblemException.retryAfter(
                                        failure instanceof LogWriter.NotSentException
                                                ? Problem.LOG_UNAVAILABLE
                                                : Problem.KEY_OUTCOME_UNKNOWN,
                                        RETRY_AFTER));
    }

    private static ObjectNode shownOnce(MintedKey minted) {
        ApiKey key = minted.kept();
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.put("success", true);
        answer.put("key_id", key.keyId().value());
        answer.put("key", minted.text().reveal());
        answer.put("api_secret", minted.apiSecret());
        answer.put("env", key.env().wireName());
        putScopes(answer, key);
        answer.put("account", key.account().value());
        answer.put("created", Answers.time(key.created()));
        answer.put("expires_at", Answers.time(key.expires()));
        return answer;
    }

    private static ObjectNode metadata(ApiKey key) {
        ApiKey.Secret newest = key.secrets().getLast();
        ObjectNode shown = WireJson.MAPPER.createObjectNode();
        shown.put("key_id", key.keyId().value());
        shown.put("name", key.name());
        shown.put("env", key.env().wireName());
        shown.put("prefix", newest.prefix());
        shown.put("last_four", newest.lastFour());
        putScopes(shown, key);
        shown.put("account", key.account().value());
        shown.put("created", Answers.time(key.created()));
        // When a key was last used is not recorded yet.
        shown.putNull("last_used");
        shown.put("expires_at", Answers.time(key.expires()));
        shown.put("require_signature", key.requireSignature());
        return shown;
    }

    private static void putScopes(ObjectNode answer, ApiKey key) {
        ArrayNode scopes = answer.putArray("scopes");
        key.scopes().stream().map(Scope::wireName).sorted().forEach(scopes::add);
    }
}
