package ai.j1msky.gateway.webhook;

import ai.j1msky.common.webhook.TargetRules;
import ai.j1msky.gateway.request.StrictBody;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Refuses targets that no webhook may have. The notifier looks again, at the address that it connects to.
public final class Targets {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final TargetRules rules;

    public Targets(TargetRules rules) {
        this.rules = rules;
    }

    /// Fails with 400 when the URL is refused; in the same words whatever is wrong with it. A host that has no address
    /// now is refused too.
    Mono<Void> require(String url) {
        Optional<URI> target = TargetRules.read(url);
        if (target.isEmpty()) {
            return Mono.error(StrictBody.invalid(TargetRules.REFUSED));
        }
        return Mono.fromCallable(() -> isAllowed(target.get()))
                .subscribeOn(Schedulers.boundedElastic())
                .timeout(PATIENCE, Mono.just(false))
                .flatMap(
                        allowed ->
                                allowed
                                        ? Mono.empty()
                                        : Mono.error(StrictBody.invalid(TargetRules.REFUSED)));
    }

    private boolean isAllowed(URI target) {
        try {
            return rules.allow(target, InetAddress.getAllByName(target.getHost()));
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
