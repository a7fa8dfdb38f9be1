package ai.j1msky.common.webhook;

import ai.j1msky.common.network.PlainNetwork;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/// An address that the host of a URL writes, however programs may read it, and whether only this machine or its network
/// can reach it: once more and plainly, to compare [TargetRules] with.
///
/// @param bytes 4 or 16
record PlainAddress(byte[] bytes) {

    /// The address in brackets, or what C's `inet_aton` makes of numbers: one to four, decimal, octal or hexadecimal, the
    /// last for all bytes that are left.
    static Optional<PlainAddress> read(String host) {
        if (host.startsWith("[") && host.endsWith("]")) {
            String inside = host.substring(1, host.length() - 1);
            return PlainNetwork.read(inside).map(read -> new PlainAddress(read.start()));
        }
        String[] parts = host.replaceFirst("\\.$", "").split("\\.", -1);
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean isLast = i == parts.length - 1;
            long most = isLast ? 1L << 8 * (4 - i) : 256;
            long number = parts.length > 4 ? -1 : number(parts[i]);
            if (number < 0 || number >= most) {
                return Optional.empty();
            }
            address |= isLast ? number : number << 8 * (3 - i);
        }
        return Optional.of(new PlainAddress(HexFormat.of().parseHex("%08x".formatted(address))));
    }

    private static long number(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.matches("0x[0-9a-f]{0,12}")) {
            return Long.parseLong("0" + lower.substring(2), 16);
        }
        if (lower.matches("0[0-7]{0,16}")) {
            return Long.parseLong(lower, 8);
        }
        return lower.matches("[1-9][0-9]{0,14}") ? Long.parseLong(lower) : -1;
    }

    boolean isPlainQuad(String host) {
        return bytes.length == 4
                && host.equals(
                        "%d.%d.%d.%d"
                                .formatted(
                                        bytes[0] & 0xff,
                                        bytes[1] & 0xff,
                                        bytes[2] & 0xff,
                                        bytes[3] & 0xff));
    }

    /// Loopback, link-local, private, for many, or nobody's.
    boolean isInner() {
        return bytes.length == 4 ? isInner(bytes, 0) : isInner6();
    }

    private boolean isInner6() {
        int first = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        boolean isNat64 = hex(0, 12).equals("0064ff9b0000000000000000");
        boolean isCompatible = hex(0, 12).equals("0".repeat(24));
        return first >> 9 == 0xfc >> 1 // unique local
                || first >> 6 == 0xfe80 >> 6 // link-local
                || first >> 6 == 0xfec0 >> 6 // site-local
                || first >> 8 == 0xff // multicast
                || (isNat64 || isCompatible) && isInner(bytes, 12) // :: and ::1, too
                || first == 0x2002 && isInner(bytes, 2);
    }

    private String hex(int from, int to) {
        return HexFormat.of().formatHex(Arrays.copyOfRange(bytes, from, to));
    }

    private static boolean isInner(byte[] bytes, int at) {
        int a = bytes[at] & 0xff;
        int b = bytes[at + 1] & 0xff;
        return a == 0
                || a == 10
                || a == 127
                || a == 100 && b >= 64 && b < 128
                || a == 169 && b == 254
                || a == 172 && b >= 16 && b < 32
                || a == 192 && b == 168
                || a >= 224;
    }
}
