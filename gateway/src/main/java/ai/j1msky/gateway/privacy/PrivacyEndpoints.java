package ai.j1msky.gateway.privacy;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.privacy.AccountPrivacy;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.anomaly.KeyWatch;
import ai.j1msky.gateway.apikey.Keyring;
import ai.j1msky.gateway.audit.Notes;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.request.ReadBack;
import ai.j1msky.gateway.request.StrictBody;
import java.time.Clock;
import java.util.Set;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/// `GET /api/privacy/inventory`, `GET` and `PUT /api/privacy/opt-out`.
public final class PrivacyEndpoints {

    private static final String OPT_OUT = "opt_out";

    private final Inventory inventory;
    private final OptOuts optOuts;
    private final Keyring keyring;
    private final KeyWatch watch;
    private final LogWriter log;
    private final Clock clock;
    private final EntryCodec<AccountPrivacy> codec = new EntryCodec<>(Topics.ACCOUNT_PRIVACY);

    public PrivacyEndpoints(
            Inventory inventory,
            OptOuts optOuts,
            Keyring keyring,
            KeyWatch watch,
            LogWriter log,
            Clock clock) {
        this.inventory = inventory;
        this.optOuts = optOuts;
        this.keyring = keyring;
        this.watch = watch;
        this.log = log;
        this.clock = clock;
    }

    public Mono<ServerResponse> inventory(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        return Answers.json(inventory.json());
    }

    public Mono<ServerResponse> optOut(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        return answer(optOuts.has(Caller.of(request).account()));
    }

    /// From then on nothing is learned about how the account's keys are used, and what was learned is dropped.
    public Mono<ServerResponse> setOptOut(ServerRequest request) {
        Query _ = new Query(request, Set.of());
        AccountId account = Caller.of(request).account();
        return StrictBody.read(request)
                .map(
                        fields -> {
                            if (!fields.has(OPT_OUT)) {
                                throw StrictBody.invalid(
                                        "opt_out is missing; it is true or false.");
                            }
                            boolean wanted = fields.flag(OPT_OUT, false);
                            fields.nothingElse();
                            return wanted;
                        })
                .flatMap(
                        wanted -> {
                            Notes.change(
                                    request,
                                    "privacy",
                                    account.value(),
                                    wanted ? "opted_out" : "opted_in");
                            AccountPrivacy said =
                                    new AccountPrivacy(account, wanted, clock.instant());
                            return ReadBack.of(
                                            () -> log.append(codec, said),
                                            optOuts::reached,
                                            Problem.POLICY_OUTCOME_UNKNOWN)
                                    .then(
                                            Mono.defer(
                                                    () -> {
                                                        if (wanted) {
                                                            forget(account);
                                                        }
                                                        return answer(wanted);
                                                    }));
                        });
    }

    private void forget(AccountId account) {
        keyring.all().stream()
                .filter(key -> key.account().equals(account))
                .map(ApiKey::keyId)
                .forEach(key -> watch.forget(account, key));
    }

    private static Mono<ServerResponse> answer(boolean optOut) {
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.put(OPT_OUT, optOut);
        return Answers.json(answer);
    }
}
