package ai.j1msky.gateway.address;

import ai.j1msky.common.network.Address;
import ai.j1msky.common.network.Network;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Collection;
import org.springframework.web.reactive.function.server.ServerRequest;

/// The first check at the door: tells a request's address, keeps it for the others, and refuses it where a rule says
/// so. All from memory.
public final class AddressCheck {

    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final int RETRY_AFTER = 1;

    private final TrustedProxies proxies;
    private final AddressRules rules;
    private final ViolationLog violations;

    public AddressCheck(Collection<Network> trustedProxies, AddressRules rules, Clock clock) {
        this.proxies = new TrustedProxies(trustedProxies);
        this.rules = rules;
        this.violations = new ViolationLog(clock);
    }

    /// Lets the request pass, or throws the problem that refuses it.
    public void require(ServerRequest request) {
        Address client =
                proxies.client(
                        peer(request), request.headers().asHttpHeaders().getOrEmpty(FORWARDED_FOR));
        request.attributes().put(ClientAddress.ATTRIBUTE, client);
        if (!rules.isReady()) {
            throw ProblemException.retryAfter(Problem.STARTING, RETRY_AFTER);
        }
        switch (rules.judge(client)) {
            case Verdict.Welcome() -> {}
            case Verdict.NotWhitelisted(boolean enforced, boolean logged) -> {
                if (logged) {
                    violations.note(client, "whitelist", enforced);
                }
                if (enforced) {
                    throw ProblemException.ofAddress(Problem.NOT_WHITELISTED, client);
                }
            }
            case Verdict.Blocked(boolean logged) -> {
                if (logged) {
                    violations.note(client, "block", true);
                }
                throw ProblemException.ofAddress(Problem.ADDRESS_BLOCKED, client);
            }
        }
    }

    private static Address peer(ServerRequest request) {
        InetAddress peer = request.remoteAddress().map(InetSocketAddress::getAddress).orElse(null);
        if (peer == null) {
            // Only a client that has gone already has no address.
            throw ProblemException.of(Problem.MALFORMED);
        }
        return Address.of(peer);
    }
}
