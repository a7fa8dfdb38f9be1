package ai.j1msky.common.pii;

import ai.j1msky.common.network.Address;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Finds what looks like personal data, by its form and its check digits. Names, addresses of houses and dates of birth
/// are not found: they have no form of their own.
///
/// Time grows with the length of the text and no faster, whatever is in it. Never throws.
public final class PiiFinder {

    private PiiFinder() {}

    /// A find: characters `from` (inclusive) to `to` (exclusive).
    record Span(PiiType type, int from, int to) {}

    public static PiiCounts count(String text) {
        Map<PiiType, Integer> counts = new EnumMap<>(PiiType.class);
        for (Span span : find(text)) {
            counts.merge(span.type, 1, Integer::sum);
        }
        return new PiiCounts(counts);
    }

    /// The text with `[email]`, `[phone]` and so on in place of what was found.
    public static String masked(String text) {
        StringBuilder masked = new StringBuilder(text.length());
        int at = 0;
        for (Span span : find(text)) {
            masked.append(text, at, span.from).append('[').append(span.type.wireName()).append(']');
            at = span.to;
        }
        return masked.append(text, at, text.length()).toString();
    }

    /// In the order of the text.
    static List<Span> find(String text) {
        Finds finds = new Finds(text.length());
        SecretForms.find(text, finds);
        emails(text, finds);
        NumberForms.ibans(text, finds);
        NumberForms.cards(text, finds);
        addresses(text, finds);
        PhoneForms.find(text, finds);
        return finds.inOrder();
    }

    /// What was found so far; a later find that overlaps is none.
    static final class Finds {
        private final List<Span> spans = new ArrayList<>();
        private final BitSet taken;

        Finds(int length) {
            taken = new BitSet(length);
        }

        void add(PiiType type, int from, int to) {
            int next = taken.nextSetBit(from);
            if (next < 0 || next >= to) {
                taken.set(from, to);
                spans.add(new Span(type, from, to));
            }
        }

        List<Span> inOrder() {
            spans.sort(Comparator.comparingInt(Span::from));
            return spans;
        }
    }

    // RFC 5321: at most 64 before and 255 behind the @.
    private static final int LONGEST_LOCAL = 64;
    private static final int LONGEST_DOMAIN = 255;

    private static void emails(String text, Finds finds) {
        for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
            int from = at;
            while (from > 0 && at - from < LONGEST_LOCAL && isLocal(text.charAt(from - 1))) {
                from--;
            }
            while (from < at && (text.charAt(from) == '.' || text.charAt(from) == '-')) {
                from++;
            }
            int to = endOfDomain(text, at + 1);
            if (from < at && to > 0 && text.charAt(at - 1) != '.') {
                finds.add(PiiType.EMAIL, from, to);
            }
        }
    }

    private static boolean isLocal(char c) {
        return Character.isLetterOrDigit(c) || "._%+-'".indexOf(c) >= 0;
    }

    /// Where a domain with a top level of letters ends that begins there; −1 when there is none.
    private static int endOfDomain(String text, int from) {
        int last = Math.min(text.length(), from + LONGEST_DOMAIN);
        int to = from;
        int dot = -1;
        int end = -1;
        while (to < last
                && (Character.isLetterOrDigit(text.charAt(to)) || isJoint(text, from, to))) {
            if (text.charAt(to) == '.') {
                dot = to;
            }
            to++;
            if (dot > from && to - dot > 2 && isTopLevel(text, dot + 1, to)) {
                end = to;
            }
        }
        return end == to ? end : -1;
    }

    /// A dot or a hyphen between letters or digits.
    private static boolean isJoint(String text, int from, int at) {
        char c = text.charAt(at);
        return (c == '.' || c == '-')
                && at > from
                && at + 1 < text.length()
                && (Character.isLetterOrDigit(text.charAt(at + 1))
                        || (c == '-' && text.charAt(at + 1) == '-'))
                && text.charAt(at - 1) != '.';
    }

    private static boolean isTopLevel(String text, int from, int to) {
        if (text.startsWith("xn--", from)) {
            return true;
        }
        for (int i = from; i < to; i++) {
            if (!Character.isLetter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static final int LONGEST_ADDRESS = 45;

    private static void addresses(String text, Finds finds) {
        int from = 0;
        while (from < text.length()) {
            if (!isOfAddress(text.charAt(from))) {
                from++;
                continue;
            }
            int to = from;
            while (to < text.length() && isOfAddress(text.charAt(to))) {
                to++;
            }
            int first = from;
            int last = to;
            // The end of a sentence, and what comes before a list.
            while (last > first
                    && (text.charAt(last - 1) == '.' || isLoneColon(text, first, last))) {
                last--;
            }
            boolean alone =
                    (first == 0 || !isOfWord(text.charAt(first - 1)))
                            && (to == text.length() || !isOfWord(text.charAt(to)));
            if (alone && last - first <= LONGEST_ADDRESS && last - first > 2) {
                address(text, first, last, finds);
            }
            from = to;
        }
    }

    private static void address(String text, int from, int to, Finds finds) {
        String written = text.substring(from, to);
        int port = written.indexOf(':');
        // An IPv4 address and a port.
        if (port > 0 && port == written.lastIndexOf(':') && written.indexOf('.') > 0) {
            written = written.substring(0, port);
        }
        if (Address.find(written).isPresent() && written.length() > 4) {
            finds.add(PiiType.IP, from, from + written.length());
        }
    }

    private static boolean isLoneColon(String text, int from, int to) {
        return text.charAt(to - 1) == ':' && (to - 2 < from || text.charAt(to - 2) != ':');
    }

    private static boolean isOfAddress(char c) {
        return c == ':' || c == '.' || (c < 128 && Character.digit(c, 16) >= 0);
    }

    private static boolean isOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }
}
