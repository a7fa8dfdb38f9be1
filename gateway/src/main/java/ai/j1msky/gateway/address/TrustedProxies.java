package ai.j1msky.gateway.address;

import ai.j1msky.common.network.Address;
import ai.j1msky.common.network.Network;
import ai.j1msky.common.network.NetworkMap;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells a client's address behind reverse proxies: `X-Forwarded-For`, read from its end for as long as those who
/// wrote it are trusted. No other header counts.
///
///     X-Forwarded-For = hop *( "," hop )          ; several header lines are one list
///     hop             = address / IPv4 ":" port / "[" IPv6 "]" [ ":" port ]
final class TrustedProxies {

    private static final String HOPS = ",";
    private static final Pattern WITH_PORT =
            Pattern.compile("(?:\\[([^]]*:[^]]*)]|([0-9.]+))(?::[0-9]{1,5})?");

    /// No real chain is that long; a forged one shall not cost more.
    private static final int MOST_HOPS = 32;

    private static final int LONGEST_HOP = 60;

    private final NetworkMap<Network> trusted;

    TrustedProxies(Collection<Network> trusted) {
        this.trusted = NetworkMap.of(trusted);
    }

    /// The right-most hop that is not trusted. Where the chain cannot be read any further, it is the last proxy that
    /// could: what stands before may be anybody's words.
    ///
    /// @param peer the other end of the connection
    /// @param forwarded the lines of `X-Forwarded-For`, in order
    Address client(Address peer, List<String> forwarded) {
        if (forwarded.isEmpty() || !trusted.covers(peer)) {
            return peer;
        }
        String hops = String.join(HOPS, forwarded);
        Address client = peer;
        int end = hops.length();
        for (int read = 0; read < MOST_HOPS && end >= 0 && trusted.covers(client); read++) {
            int comma = hops.lastIndexOf(HOPS, end - 1);
            Optional<Address> hop = hop(hops.substring(comma + 1, end).strip());
            if (hop.isEmpty()) {
                return client;
            }
            client = hop.get();
            end = comma;
        }
        return client;
    }

    private static Optional<Address> hop(String text) {
        if (text.length() > LONGEST_HOP) {
            return Optional.empty();
        }
        Matcher withPort = WITH_PORT.matcher(text);
        if (!withPort.matches()) {
            return Address.find(text);
        }
        String ipv6 = withPort.group(1);
        return Address.find(ipv6 == null ? withPort.group(2) : ipv6);
    }
}
