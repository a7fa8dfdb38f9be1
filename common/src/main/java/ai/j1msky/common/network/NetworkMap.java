package ai.j1msky.common.network;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Values by network, found by an address in it. A lookup costs one step per prefix length in use, however many
/// networks there are. Thread-safe.
public final class NetworkMap<V> {

    private final Map<Network, V> values = new ConcurrentHashMap<>();
    private volatile List<Integer> lengthsOfIpv4 = List.of();
    private volatile List<Integer> lengthsOfIpv6 = List.of();

    /// A set of networks, as a map of each to itself.
    public static NetworkMap<Network> of(Collection<Network> networks) {
        NetworkMap<Network> set = new NetworkMap<>();
        networks.forEach(network -> set.put(network, network));
        return set;
    }

    public synchronized void put(Network network, V value) {
        values.put(network, value);
        // After the value: who knows a length finds what it leads to.
        if (network.isIpv6()) {
            lengthsOfIpv6 = with(lengthsOfIpv6, network.prefixLength());
        } else {
            lengthsOfIpv4 = with(lengthsOfIpv4, network.prefixLength());
        }
    }

    public void remove(Network network) {
        // Its length stays: that is only a step too many.
        values.remove(network);
    }

    public Collection<V> values() {
        return List.copyOf(values.values());
    }

    public boolean covers(Address address) {
        return find(address, value -> true).isPresent();
    }

    /// The first wanted value of a network that holds the address, from the smallest network to the largest.
    public Optional<V> find(Address address, Predicate<V> wanted) {
        for (int length : address.value().isIPv6() ? lengthsOfIpv6 : lengthsOfIpv4) {
            V value = values.get(Network.around(address, length));
            if (value != null && wanted.test(value)) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    private static List<Integer> with(List<Integer> lengths, int length) {
        return lengths.contains(length)
                ? lengths
                : Stream.concat(lengths.stream(), Stream.of(length))
                        .sorted(Comparator.reverseOrder())
                        .toList();
    }
}
