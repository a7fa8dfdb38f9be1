package ai.j1msky.common.network;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import inet.ipaddr.IPAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A block of addresses in CIDR notation, or one address.
///
///     network = address [ "/" prefix-length ]   ; decimal, no zeros in front
///
/// Without a prefix length it is the one address. Bits behind the prefix must be 0: whoever writes `10.0.0.5/8` may
/// mean the block or the address. A block of IPv4 addresses mapped into IPv6 is the block of IPv4 addresses;
/// `::/0` is all of IPv6 and nothing of IPv4. Two networks of the same addresses are equal.
public final class Network {

    private static final Pattern CIDR = Pattern.compile("([^/]*)/(0|[1-9][0-9]{0,2})");
    private static final int MAPPED_PREFIX = 96;

    private final IPAddress block;
    private final int prefixLength;
    private final String text;

    /// What became of reading a text.
    public sealed interface Reading {

        record Understood(Network network) implements Reading {}

        /// @param complaint what is wrong with it, to be put behind the name of the field
        record Refused(String complaint) implements Reading {}
    }

    private Network(IPAddress block, int prefixLength, String text) {
        this.block = block;
        this.prefixLength = prefixLength;
        this.text = text;
    }

    public static Reading read(String text) {
        Matcher cidr = CIDR.matcher(text);
        boolean hasPrefix = cidr.matches();
        String first = hasPrefix ? cidr.group(1) : text;
        Optional<IPAddress> address = AddressText.parse(first);
        if (address.isEmpty()) {
            return notOne();
        }
        IPAddress start = address.get();
        if (!hasPrefix) {
            return new Reading.Understood(of(start, start.getBitCount()));
        }
        int length = Integer.parseInt(cidr.group(2));
        boolean isMapped = start.isIPv4() && first.indexOf(':') >= 0;
        int inFamily = isMapped ? length - MAPPED_PREFIX : length;
        if (inFamily < 0 || inFamily > start.getBitCount()) {
            return notOne();
        }
        Network network = of(start, inFamily);
        IPAddress lowest = network.block.getLower();
        if (!lowest.equals(start)) {
            String block = bare(lowest) + "/" + inFamily;
            return new Reading.Refused(
                    "has bits set behind its prefix; write "
                            + block
                            + " for the block or "
                            + bare(start)
                            + " for the one address");
        }
        return new Reading.Understood(
                new Network(network.block, inFamily, bare(start) + "/" + inFamily));
    }

    /// The network with that text.
    ///
    /// @throws IllegalArgumentException when it is none
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Network parse(String text) {
        return switch (read(text)) {
            case Reading.Understood(Network network) -> network;
            case Reading.Refused(String complaint) ->
                    throw new IllegalArgumentException("a network " + complaint);
        };
    }

    public boolean contains(Address address) {
        return block.contains(address.value());
    }

    /// Whether it holds all addresses of its family.
    public boolean isEverything() {
        return prefixLength == 0;
    }

    /// Its text with the prefix length, the same however it was written, for example `203.0.113.45/32`.
    public String cidr() {
        return bare(block.getLower()) + "/" + prefixLength;
    }

    boolean isIpv6() {
        return block.isIPv6();
    }

    int prefixLength() {
        return prefixLength;
    }

    /// The network of that prefix length around an address.
    static Network around(Address address, int prefixLength) {
        return of(address.value(), prefixLength);
    }

    private static Network of(IPAddress within, int prefixLength) {
        return new Network(within.toPrefixBlock(prefixLength), prefixLength, "");
    }

    private static String bare(IPAddress address) {
        return address.withoutPrefixLength().toCanonicalString();
    }

    private static Reading notOne() {
        return new Reading.Refused(
                "must be an address or a CIDR block, such as 192.168.1.0/24 or 2001:db8::/32");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network network
                && prefixLength == network.prefixLength
                && block.equals(network.block);
    }

    @Override
    public int hashCode() {
        return block.hashCode();
    }

    /// As RFC 5952 writes it, with a prefix length if it was written with one.
    @Override
    @JsonValue
    public String toString() {
        return text.isEmpty() ? bare(block.getLower()) : text;
    }
}
