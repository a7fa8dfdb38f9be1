package ai.j1msky.common.pii;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// API keys and tokens of services that many people use, and private keys.
final class SecretForms {

    /// Bounded, and without a way back: whatever does not fit is given up after so many characters.
    private static final Pattern TOKENS =
            Pattern.compile(
                    "\\b(?:"
                            + "(?:dev|staging|live)_sk_[0-9A-Za-z]{16,100}+"
                            + "|[rs]k_(?:live|test)_[0-9A-Za-z]{16,200}+"
                            + "|sk-[A-Za-z0-9_-]{20,300}+"
                            + "|A(?:KIA|SIA)[0-9A-Z]{16}+"
                            + "|gh[opsur]_[A-Za-z0-9]{36,300}+"
                            + "|github_pat_[A-Za-z0-9_]{22,300}+"
                            + "|glpat-[A-Za-z0-9_-]{20,100}+"
                            + "|xox[abeprs]-[A-Za-z0-9-]{10,300}+"
                            + "|AIza[0-9A-Za-z_-]{35}+"
                            + "|whsec_[A-Za-z0-9+/]{16,200}+={0,2}"
                            // A run of such characters is looked at once, not from each of its
                            // parts on.
                            + "|(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,1000}+\\.[A-Za-z0-9_-]{8,2000}+\\.[A-Za-z0-9_-]{8,1000}+"
                            + "|(?i:bearer)[ \\t]{1,4}+[A-Za-z0-9._~+/-]{16,2000}+={0,2}"
                            + ")");

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String KIND = "PRIVATE KEY-----";
    private static final int LONGEST_LABEL = 40;

    private SecretForms() {}

    static void find(String text, PiiFinder.Finds finds) {
        privateKeys(text, finds);
        Matcher tokens = TOKENS.matcher(text);
        while (tokens.find()) {
            int end = tokens.end();
            // The end of a sentence.
            while (text.charAt(end - 1) == '.') {
                end--;
            }
            finds.add(PiiType.KEY, tokens.start(), end);
        }
    }

    /// One that was cut off goes on to the end of the text.
    private static void privateKeys(String text, PiiFinder.Finds finds) {
        int from = text.indexOf(BEGIN);
        while (from >= 0) {
            int kind = labelEnd(text, from + BEGIN.length());
            int to = from + 1;
            if (kind > 0) {
                int end = text.indexOf(END, kind);
                int closed = end < 0 ? -1 : labelEnd(text, end + END.length());
                to = closed > 0 ? closed : text.length();
                finds.add(PiiType.KEY, from, to);
            }
            from = text.indexOf(BEGIN, to);
        }
    }

    /// Where a label such as `RSA PRIVATE KEY-----` ends that begins there; −1 when there is none.
    private static int labelEnd(String text, int from) {
        String label = text.substring(from, Math.min(text.length(), from + LONGEST_LABEL));
        int kind = label.indexOf(KIND);
        return kind < 0 ? -1 : from + kind + KIND.length();
    }
}
