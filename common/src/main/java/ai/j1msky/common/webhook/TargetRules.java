package ai.j1msky.common.webhook;

import ai.j1msky.common.network.Address;
import ai.j1msky.common.network.Network;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Where webhooks may go, so that nobody makes this machine call what only it can reach (server-side request forgery).
///
/// Public addresses may be called with https. Private ones and loopback only inside the operator's own list, with http
/// too, and never on a port of the cluster's services. Link-local addresses, among them the clouds' metadata services,
/// and everything that IANA's registries of special-purpose addresses (RFC 6890) keep for something else: never. An IPv4
/// address inside an IPv6 one is judged as what it is.
public final class TargetRules {

    /// What a client is told of every target that is refused, whatever it is.
    public static final String REFUSED =
            "url is not allowed. It must be https in ASCII, to a public address, without a user name or a fragment.";

    private static final int LONGEST = 2_000;

    /// Anything that some program reads as an IPv4 address, except four plain decimal numbers.
    private static final Pattern ODD_NUMBER =
            Pattern.compile("(0x[0-9a-f]*|[0-9]+)(\\.(0x[0-9a-f]*|[0-9]+))*\\.?");

    private static final Pattern PLAIN_IPV4 =
            Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");

    private static final List<Network> NEVER =
            networks(
                    "0.0.0.0/8",
                    "169.254.0.0/16",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/4",
                    "240.0.0.0/4",
                    "fd00:ec2::254/128",
                    "2001::/23",
                    "2001:db8::/32",
                    "3fff::/20");

    /// Nobody's on the internet: the operator may have listed them.
    private static final List<Network> OWN =
            networks(
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "::1/128",
                    "fc00::/7");

    private static final Network GLOBAL_IPV6 = Network.parse("2000::/3");

    /// How IPv4 addresses stand inside IPv6 ones: the prefix, and the first byte of the address behind it.
    private static final List<Embedding> EMBEDDINGS =
            List.of(
                    new Embedding(Network.parse("64:ff9b::/96"), 12),
                    new Embedding(Network.parse("2002::/16"), 2),
                    new Embedding(Network.parse("::/96"), 12));

    private record Embedding(Network prefix, int at) {}

    private final List<Network> allowed;
    private final Set<Integer> ownPorts;

    /// @param allowed the operator's own networks that webhooks may reach
    /// @param ownPorts where the cluster's services listen
    public TargetRules(List<Network> allowed, Set<Integer> ownPorts) {
        this.allowed = List.copyOf(allowed);
        this.ownPorts = Set.copyOf(ownPorts);
    }

    /// The ports in the addresses of services.
    ///
    /// @param services each `host:port[,host:port…]`, or a port alone
    public static Set<Integer> portsOf(String... services) {
        return Arrays.stream(services)
                .flatMap(service -> Arrays.stream(service.split(",", -1)))
                .map(address -> address.substring(address.lastIndexOf(':') + 1).strip())
                .filter(port -> port.matches("[0-9]{1,5}"))
                .map(Integer::valueOf)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The target of a text, as far as the text alone tells; empty when it is refused.
    public static Optional<URI> read(String text) {
        // The JDK takes other letters in a path, which no request line has.
        if (text.length() > LONGEST || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(text).parseServerAuthority();
            String scheme = uri.getScheme();
            String host = uri.getHost();
            boolean isWeb = "https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme);
            boolean isPlain =
                    isWeb
                            && host != null
                            && uri.getRawUserInfo() == null
                            && uri.getRawFragment() == null
                            && uri.getPort() != 0
                            && uri.getPort() <= 0xffff;
            return isPlain && isOrdinary(host) ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }

    private static boolean isOrdinary(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.startsWith("[")) {
            // The JDK reads more, with zeros in front and with zones.
            return Address.find(name.substring(1, name.length() - 1)).isPresent();
        }
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        boolean isOwnName =
                bare.equals("localhost")
                        || bare.endsWith(".localhost")
                        || bare.equals("metadata.google.internal");
        boolean isOddNumber =
                ODD_NUMBER.matcher(name).matches() && !PLAIN_IPV4.matcher(name).matches();
        return !isOwnName && !isOddNumber;
    }

    /// Whether a target may be called at all of these addresses, which are all that its host has.
    public boolean allow(URI target, InetAddress... addresses) {
        return addresses.length > 0
                && Arrays.stream(addresses).allMatch(address -> allows(target, address));
    }

    private boolean allows(URI target, InetAddress address) {
        boolean isSafe = "https".equalsIgnoreCase(target.getScheme());
        return switch (reachOf(address)) {
            case PUBLIC -> isSafe;
            case ALLOWED -> !ownPorts.contains(portOf(target));
            case NOBODYS -> false;
        };
    }

    /// The port of a target.
    public static int portOf(URI target) {
        if (target.getPort() > 0) {
            return target.getPort();
        }
        return "https".equalsIgnoreCase(target.getScheme()) ? 443 : 80;
    }

    enum Reach {
        PUBLIC,
        ALLOWED,
        NOBODYS
    }

    Reach reachOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        Address plain = Address.of(unmapped(bytes));
        if (isIn(NEVER, plain)) {
            return Reach.NOBODYS;
        }
        if (isIn(OWN, plain)) {
            return isIn(allowed, plain) ? Reach.ALLOWED : Reach.NOBODYS;
        }
        if (bytes.length == 4 || unmapped(bytes) instanceof Inet4Address) {
            return Reach.PUBLIC;
        }
        for (Embedding embedding : EMBEDDINGS) {
            if (embedding.prefix.contains(plain)) {
                byte[] inside = Arrays.copyOfRange(bytes, embedding.at, embedding.at + 4);
                return reachOf(unmapped(inside));
            }
        }
        return GLOBAL_IPV6.contains(plain) ? Reach.PUBLIC : Reach.NOBODYS;
    }

    /// The JDK makes an IPv4 address of an IPv4-mapped one (RFC 4291, 2.5.5.2) made of its bytes.
    private static InetAddress unmapped(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static boolean isIn(List<Network> networks, Address address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    private static List<Network> networks(String... texts) {
        return Arrays.stream(texts).map(Network::parse).toList();
    }
}
