package ai.j1msky.worker.sandbox;

/// The sandbox's tokens: one for every 4 bytes of UTF-8, rounded up.
///
/// An estimate that anyone can repeat; real models count 10 to 30 percent differently.
final class TokenCount {

    static final int BYTES_PER_TOKEN = 4;

    private TokenCount() {}

    static long of(String text) {
        return Math.ceilDiv(bytes(text), BYTES_PER_TOKEN);
    }

    /// The longest beginning of `text` that fits into `maxBytes` of UTF-8 and splits no character.
    static String cut(String text, long maxBytes) {
        if (text.length() * 3L <= maxBytes) {
            return text;
        }
        long used = 0;
        int end = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            used += bytes(codePoint);
            if (used > maxBytes) {
                return text.substring(0, end);
            }
            end += Character.charCount(codePoint);
        }
        return text;
    }

    private static long bytes(String text) {
        long bytes = 0;
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            bytes += bytes(codePoint);
            at += Character.charCount(codePoint);
        }
        return bytes;
    }

    private static int bytes(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }
}
