package ai.j1msky.common.network;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.IncompatibleAddressException;
import inet.ipaddr.ipv6.IPv6Address;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the text of one address, and only its plain form: four decimal numbers, or groups of hexadecimal digits.
///
///     address = octet 3("." octet)          ; no zeros in front, nothing left out
///             / RFC 4291, section 2.2       ; no zone
///
/// What other software may take for another address (`127.1`, `0177.0.0.1`, `0x7f000001`, `10.0.0.*`) is none here.
/// An IPv4 address mapped into IPv6 (`::ffff:10.0.0.1`) is the IPv4 address.
final class AddressText {

    private static final int LONGEST = 45;
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final String QUAD = OCTET + "(?:\\." + OCTET + "){3}";
    private static final Pattern PLAIN =
            Pattern.compile(QUAD + "|[0-9A-Fa-f:]*:(?:[0-9A-Fa-f]{0,4}|" + QUAD + ")");

    /// The library reads many dialects; these leave the plain one.
    private static final IPAddressStringParameters STRICT =
            new IPAddressStringParameters.Builder()
                    .allowEmpty(false)
                    .allowAll(false)
                    .allowSingleSegment(false)
                    .allowPrefix(false)
                    .allowMask(false)
                    .allowPrefixOnly(false)
                    .allowWildcardedSeparator(false)
                    .setRangeOptions(RangeParameters.NO_RANGE)
                    .allow_inet_aton(false)
                    .getIPv6AddressParametersBuilder()
                    .allowZone(false)
                    .allowEmptyZone(false)
                    .allowBase85(false)
                    .allowBinary(false)
                    .allowUnlimitedLeadingZeros(false)
                    .getParentBuilder()
                    .getIPv4AddressParametersBuilder()
                    .allowBinary(false)
                    .allowLeadingZeros(false)
                    .getParentBuilder()
                    .toParams();

    private AddressText() {}

    static Optional<IPAddress> parse(String text) {
        if (text.length() > LONGEST || !PLAIN.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(unmapped(new IPAddressString(text, STRICT).toAddress()));
        } catch (AddressStringException | IncompatibleAddressException malformed) {
            return Optional.empty();
        }
    }

    static IPAddress unmapped(IPAddress address) {
        return address instanceof IPv6Address wide && wide.isIPv4Mapped()
                ? wide.getEmbeddedIPv4Address()
                : address;
    }
}
