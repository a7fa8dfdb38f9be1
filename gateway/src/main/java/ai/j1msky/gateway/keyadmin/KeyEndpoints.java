package ai.j1msky.gateway.keyadmin;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.NewKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.apikey.KeyLog;
import ai.j1msky.gateway.apikey.KeyUpkeep;
import ai.j1msky.gateway.apikey.Keyring;
import ai.j1msky.gateway.audit.Notes;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Fields;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.request.StrictBody;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST` and `GET /api/keys`, `POST /api/keys/{key_id}/rotate`, `DELETE /api/keys/{key_id}`. A change is answered
/// when this gateway has read it back, so the next request sees it.
///
/// An admin of the account `main` runs the agency: all keys of all accounts are theirs. Any other admin has those of
/// their own account; the others are not there (404).
public final class KeyEndpoints {

    private static final int LONGEST_REASON = 500;
    private static final int GRACE_HOURS = 24;
    private static final int LONGEST_GRACE_HOURS = 168;

    private final Keyring keyring;
    private final KeyUpkeep upkeep;
    private final KeyLog log;
    private final MasterKey master;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public KeyEndpoints(
            Keyring keyring, KeyUpkeep upkeep, LogWriter log, MasterKey master, Clock clock) {
        this.keyring = keyring;
        this.upkeep = upkeep;
        this.log = new KeyLog(log, keyring);
        this.master = master;
        this.clock = clock;
    }

    public Mono<ServerResponse> create(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        AccountId caller = Caller.of(request).account();
        return StrictBody.read(request)
                .map(fields -> wish(fields, caller))
                .flatMap(
                        wish -> {
                            Optional<KeyOrder> order =
                                    KeyOrder.of(
                                            request.headers().asHttpHeaders(),
                                            caller,
                                            "create\n" + wish.canonical());
                            order.ifPresent(o -> o.requireNew(keyring, clock.instant()));
                            KeyId id =
                                    order.map(o -> o.freeId(keyring, clock.instant()))
                                            .orElseGet(() -> KeyId.mint(random));
                            Notes.change(request, "api_key", id.value(), "created");
                            return publish(
                                    MintedKey.mint(wish, id, master, clock.instant(), random),
                                    order);
                        });
    }

    public Mono<ServerResponse> list(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        AccountId caller = Caller.of(request).account();
        return upkeep.lastUses().flatMap(uses -> Answers.json(list(caller, uses)));
    }

    private ObjectNode list(AccountId caller, Map<String, Instant> uses) {
        Instant now = clock.instant();
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        ArrayNode keys = answer.putArray("keys");
        keyring.all().stream()
                .filter(key -> key.isUsableAt(now) && isTheirs(key, caller))
                .sorted(
                        Comparator.comparing(ApiKey::created)
                                .thenComparing(key -> key.keyId().value()))
                .map(key -> KeyJson.metadata(key, uses.get(key.keyId().value()), now))
                .forEach(keys::add);
        return answer;
    }

    /// A second text for the same key. The old one stays good until a while after the new one's first use, or ends now.
    public Mono<ServerResponse> rotate(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        AccountId caller = Caller.of(request).account();
        ApiKey key = named(request, caller);
        return StrictBody.readIfAny(request)
                .map(KeyEndpoints::graceHours)
                .defaultIfEmpty(GRACE_HOURS)
                .flatMap(
                        grace -> {
                            Optional<KeyOrder> order =
                                    KeyOrder.of(
                                            request.headers().asHttpHeaders(),
                                            caller,
                                            "rotate\n" + key.keyId() + "\n" + grace);
                            order.ifPresent(o -> o.requireNew(keyring, clock.instant()));
                            if (!key.isUsableAt(clock.instant())) {
                                throw ProblemException.of(Problem.KEY_ENDED);
                            }
                            Notes.change(request, "api_key", key.keyId().value(), "rotated");
                            return publish(
                                    MintedKey.rotate(key, grace, master, clock.instant(), random),
                                    order);
                        });
    }

    /// Revokes at once; revoking again answers the same. A reason may come in the query or in a body.
    public Mono<ServerResponse> revoke(ServerRequest request) {
        Query query = new Query(request, Set.of("reason", "notify_user"));
        query.text("reason", LONGEST_REASON);
        query.oneOf("notify_user", List.of("true", "false"));
        ApiKey key = named(request, Caller.of(request).account());
        Mono<ApiKey> done =
                key.revoked() != null
                        ? Mono.just(key)
                        : Mono.defer(() -> log.publish(key.revokedAt(clock.instant())));
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.put("success", true);
        answer.put("message", "Key revoked");
        return StrictBody.readIfAny(request)
                .doOnNext(KeyEndpoints::requireReason)
                .then(
                        Mono.fromRunnable(
                                () ->
                                        Notes.change(
                                                request,
                                                "api_key",
                                                key.keyId().value(),
                                                "revoked")))
                .then(done)
                .then(Answers.json(answer));
    }

    private static void requireReason(Fields fields) {
        fields.optionalText("reason", 0, LONGEST_REASON);
        fields.flag("notify_user", false);
        fields.nothingElse();
    }

    private static int graceHours(Fields fields) {
        int hours = fields.whole("grace_hours", 0, LONGEST_GRACE_HOURS, GRACE_HOURS);
        fields.nothingElse();
        return hours;
    }

    private ApiKey named(ServerRequest request, AccountId caller) {
        String id = request.pathVariable("key_id");
        return keyring.all().stream()
                .filter(key -> key.keyId().value().equals(id) && isTheirs(key, caller))
                .findFirst()
                .orElseThrow(() -> ProblemException.of(Problem.NOT_FOUND));
    }

    private static boolean isTheirs(ApiKey key, AccountId caller) {
        return caller.equals(AccountId.MAIN) || key.account().equals(caller);
    }

    private static NewKey wish(Fields fields, AccountId caller) {
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
        String account = fields.optionalText("account", 1, 64).orElse(caller.value());
        boolean requireSignature = fields.flag("require_signature", false);
        fields.nothingElse();
        if (!AccountId.isValid(account)) {
            throw ProblemException.of(
                    Problem.BODY_INVALID, "account must be 1 to 64 of a-z, 0-9, _ and -.");
        }
        if (!caller.equals(AccountId.MAIN) && !account.equals(caller.value())) {
            throw ProblemException.of(
                    Problem.SCOPE_MISSING,
                    "Only an admin of the account main may create keys of other accounts; leave account"
                            + " out.");
        }
        return new NewKey(
                new AccountId(account),
                name,
                KeyEnvironment.find(env).orElseThrow(),
                scopes.stream().map(s -> Scope.find(s).orElseThrow()).collect(Collectors.toSet()),
                requireSignature);
    }

    /// Shows the text only if it is one that opens the key: another request may have been first on the log.
    private Mono<ServerResponse> publish(MintedKey minted, Optional<KeyOrder> order) {
        MintedKey marked = order.map(o -> o.mark(minted)).orElse(minted);
        return log.publish(marked.kept())
                .flatMap(
                        entry -> {
                            Instant now = clock.instant();
                            if (entry.opening(minted.text().sha256(), now).isPresent()) {
                                return Answers.json(KeyJson.shownOnce(minted));
                            }
                            order.ifPresent(o -> o.requireNotIn(entry, now));
                            throw ProblemException.of(Problem.KEY_CHANGED);
                        });
    }
}
