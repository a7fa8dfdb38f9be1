package ai.j1msky.common.id;

import java.util.random.RandomGenerator;

/// Checks and makes the text of identifiers.
public final class PrefixedText {

    private static final String LETTERS_AND_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int LONGEST = 80;

    private PrefixedText() {}

    /// Refuses a text that lacks the prefix, has nothing after it, or holds anything but `[a-z0-9_.-]`.
    public static void require(String prefix, String value) {
        if (!isValid(prefix, value)) {
            throw new IllegalArgumentException("not a " + prefix + "… identifier");
        }
    }

    public static boolean isValid(String prefix, String value) {
        if (!value.startsWith(prefix)
                || value.length() == prefix.length()
                || value.length() > LONGEST) {
            return false;
        }
        for (int i = prefix.length(); i < value.length(); i++) {
            char c = value.charAt(i);
            boolean allowed =
                    (c >= 'a' && c <= 'z')
                            || (c >= '0' && c <= '9')
                            || c == '_'
                            || c == '-'
                            || c == '.';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    /// `length` random letters and digits, about 5.17 bits each.
    public static String random(int length, RandomGenerator random) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(LETTERS_AND_DIGITS.charAt(random.nextInt(LETTERS_AND_DIGITS.length())));
        }
        return text.toString();
    }
}
