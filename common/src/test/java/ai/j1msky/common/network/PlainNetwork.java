package ai.j1msky.common.network;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/// The grammar of [Network] and [AddressText] once more, as plainly as it can be written, to compare them with.
///
/// @param start the address that is written, 4 or 16 bytes
/// @param prefix in bits
public record PlainNetwork(byte[] start, int prefix) {

    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    public static Optional<PlainNetwork> read(String text) {
        int slash = text.indexOf('/');
        byte[] written = address(slash < 0 ? text : text.substring(0, slash));
        if (written == null) {
            return Optional.empty();
        }
        int bits = 8 * written.length;
        int prefix = slash < 0 ? bits : number(text.substring(slash + 1), bits);
        boolean mapped = written.length == 16 && Arrays.equals(written, 0, 12, MAPPED, 0, 12);
        if (prefix < 0 || mapped && prefix < 96) {
            return Optional.empty();
        }
        return Optional.of(
                mapped
                        ? new PlainNetwork(Arrays.copyOfRange(written, 12, 16), prefix - 96)
                        : new PlainNetwork(written, prefix));
    }

    boolean hasBitsBehind() {
        for (int bit = prefix; bit < 8 * start.length; bit++) {
            if (!Arrays.equals(with(start, bit, 0), start)) {
                return true;
            }
        }
        return false;
    }

    /// Its last address.
    byte[] last() {
        byte[] last = start;
        for (int bit = prefix; bit < 8 * start.length; bit++) {
            last = with(last, bit, 1);
        }
        return last;
    }

    static byte[] flipped(byte[] address, int bit) {
        byte[] zero = with(address, bit, 0);
        return Arrays.equals(zero, address) ? with(address, bit, 1) : zero;
    }

    private static byte[] with(byte[] address, int bit, int value) {
        byte[] changed = address.clone();
        int mask = 0x80 >> bit % 8;
        changed[bit / 8] = (byte) (value == 1 ? changed[bit / 8] | mask : changed[bit / 8] & ~mask);
        return changed;
    }

    private static byte[] address(String text) {
        return text.indexOf(':') < 0 ? quad(text) : groups(text);
    }

    private static byte[] quad(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] bytes = new byte[4];
        for (int i = 0; i < parts.length; i++) {
            int octet = number(parts[i], 255);
            if (octet < 0 || parts.length != 4) {
                return null;
            }
            bytes[i] = (byte) octet;
        }
        return bytes;
    }

    private static byte[] groups(String text) {
        int gap = text.indexOf("::");
        byte[] left = bytes(gap < 0 ? text : text.substring(0, gap), gap < 0);
        byte[] right = bytes(gap < 0 ? "" : text.substring(gap + 2), true);
        if (left == null || right == null) {
            return null;
        }
        int length = left.length + right.length;
        if (gap < 0 ? length != 16 : length > 14) {
            return null;
        }
        byte[] whole = Arrays.copyOf(left, 16);
        System.arraycopy(right, 0, whole, 16 - right.length, right.length);
        return whole;
    }

    private static byte[] bytes(String text, boolean isEnd) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String[] groups = text.isEmpty() ? new String[0] : text.split(":", -1);
        for (int i = 0; i < groups.length; i++) {
            if (groups[i].matches("[0-9A-Fa-f]{1,4}")) {
                int group = Integer.parseInt(groups[i], 16);
                bytes.write(group >> 8);
                bytes.write(group);
            } else {
                byte[] quad = isEnd && i == groups.length - 1 ? quad(groups[i]) : null;
                if (quad == null) {
                    return null;
                }
                bytes.writeBytes(quad);
            }
        }
        return bytes.toByteArray();
    }

    /// Decimal without zeros in front, or -1.
    private static int number(String text, int most) {
        if (!text.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(text) > most) {
            return -1;
        }
        return Integer.parseInt(text);
    }
}
