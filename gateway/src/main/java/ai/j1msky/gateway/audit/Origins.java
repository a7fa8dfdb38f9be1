package ai.j1msky.gateway.audit;

import ai.j1msky.common.id.RequestId;
import ai.j1msky.common.network.Address;
import ai.j1msky.gateway.audit.chain.Origin;
import ai.j1msky.gateway.request.RequestIds;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/// Tells where a request came from.
public final class Origins {

    /// Where whoever decides about proxies leaves the client's address; without it the peer's counts.
    public static final String ADDRESS = Origins.class.getName();

    private static final int LONGEST_AGENT = 200;
    private static final int LONGEST_ADDRESS = 60;

    private Origins() {}

    public static Origin of(ServerWebExchange exchange) {
        String agent = exchange.getRequest().getHeaders().getFirst(HttpHeaders.USER_AGENT);
        String id = exchange.getResponse().getHeaders().getFirst(RequestIds.HEADER);
        return new Origin(
                address(exchange),
                agent == null ? null : MaskedText.line(agent, LONGEST_AGENT),
                id == null ? null : new RequestId(id));
    }

    /// What is counted as one client: the address, IPv6 by its first 64 bits; null when the door did not decide it.
    public static @Nullable String network(ServerWebExchange exchange) {
        return exchange.getAttribute(ADDRESS) instanceof Address address ? address.bucket() : null;
    }

    /// The client's address as text, or null when it is not known.
    public static @Nullable String address(ServerWebExchange exchange) {
        if (exchange.getAttribute(ADDRESS) instanceof Address decided) {
            return decided.toString();
        }
        InetSocketAddress peer = exchange.getRequest().getRemoteAddress();
        return peer == null || peer.getAddress() == null
                ? null
                : MaskedText.line(peer.getAddress().getHostAddress(), LONGEST_ADDRESS);
    }
}
