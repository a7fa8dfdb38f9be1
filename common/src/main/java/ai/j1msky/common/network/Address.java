package ai.j1msky.common.network;

import inet.ipaddr.IPAddress;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv6.IPv6Address;
import java.net.InetAddress;
import java.util.Optional;

/// One IPv4 or IPv6 address, without a zone. An IPv4 address mapped into IPv6 is the IPv4 address.
public final class Address {

    /// What one customer of a provider is given at least; within it, he picks addresses as he likes.
    private static final int IPV6_SITE = 64;

    private final IPAddress value;

    private Address(IPAddress value) {
        this.value = value;
    }

    /// The address of the other end of a connection.
    public static Address of(InetAddress peer) {
        byte[] bytes = peer.getAddress();
        return new Address(
                bytes.length == IPv4Address.BYTE_COUNT
                        ? new IPv4Address(bytes)
                        : AddressText.unmapped(new IPv6Address(bytes)));
    }

    /// The address with that text; empty when it is not exactly one.
    public static Optional<Address> find(String text) {
        return AddressText.parse(text).map(Address::new);
    }

    /// What is counted as one client where clients are not known by a key: an IPv4 address, or the /64 of an IPv6
    /// address, for example `203.0.113.45` or `2001:db8:1:2::/64`.
    public String bucket() {
        return value.isIPv6() ? value.toPrefixBlock(IPV6_SITE).toCanonicalString() : toString();
    }

    IPAddress value() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Address address && value.equals(address.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /// As RFC 5952 writes it.
    @Override
    public String toString() {
        return value.toCanonicalString();
    }
}
