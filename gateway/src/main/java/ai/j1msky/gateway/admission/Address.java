package ai.j1msky.gateway.admission;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.springframework.web.reactive.function.server.ServerRequest;

/// Where a request comes from, as far as limits go: an IPv4 address, or the first 64 bits of an IPv6 address, which is
/// what one subscriber has.
final class Address {

    private static final int SUBSCRIBER_BYTES = 8;

    private Address() {}

    static String of(ServerRequest request) {
        return request.remoteAddress().map(peer -> of(peer.getAddress())).orElse("unknown");
    }

    static String of(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), SUBSCRIBER_BYTES))
                : address.getHostAddress();
    }
}
