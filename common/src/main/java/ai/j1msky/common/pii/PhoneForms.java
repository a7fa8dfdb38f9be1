package ai.j1msky.common.pii;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Telephone numbers: international ones, and national ones that are written as such, in groups, in some regions.
///
/// The library checks that there can be such a number. Its own search through texts is not used: it takes far longer, and
/// finds order numbers and dates.
final class PhoneForms {

    private static final PhoneNumberUtil PHONES = PhoneNumberUtil.getInstance();

    /// Those that write a zero in front, and those of the North American plan.
    private static final List<String> WITH_ZERO =
            List.of("DE", "GB", "FR", "IT", "CH", "AT", "NL", "BE");

    private static final List<String> WITHOUT = List.of("US", "CA");

    /// ITU-T E.164: fifteen digits at most.
    private static final int MOST_DIGITS = 15;

    private static final int LEAST_DIGITS = 7;
    private static final int LEAST_NATIONAL = 9;
    private static final int LONGEST = 30;

    private PhoneForms() {}

    static void find(String text, PiiFinder.Finds finds) {
        int from = 0;
        while (from < text.length()) {
            char c = text.charAt(from);
            if (!(isDigit(c) || c == '+' || c == '(')
                    || (from > 0 && isOfWord(text.charAt(from - 1)))) {
                from++;
                continue;
            }
            int to = end(text, from);
            if (isAlone(text, to) && isPhone(text, from, to)) {
                finds.add(PiiType.PHONE, from, to);
            }
            from = Math.max(to, from + 1);
        }
    }

    /// Where a run of digits and what stands between them ends, at its last digit.
    private static int end(String text, int from) {
        int to = from;
        int last = from;
        while (to < text.length()) {
            char c = text.charAt(to);
            if (isDigit(c)) {
                last = to + 1;
            } else if (!(c == '+' && to == from)
                    && (" ()-./\u00a0".indexOf(c) < 0 || isTwoBlanks(text, to))) {
                break;
            }
            to++;
        }
        return last;
    }

    private static boolean isTwoBlanks(String text, int at) {
        return text.charAt(at) == ' ' && at > 0 && text.charAt(at - 1) == ' ';
    }

    private static boolean isAlone(String text, int to) {
        return to == text.length() || !isOfWord(text.charAt(to));
    }

    private static boolean isPhone(String text, int from, int to) {
        if (to - from > LONGEST) {
            return false;
        }
        String written = text.substring(from, to);
        String digits = written.replaceAll("[^0-9]", "");
        if (digits.length() < LEAST_DIGITS || digits.length() > MOST_DIGITS) {
            return false;
        }
        if (written.charAt(0) == '+' || written.startsWith("(+")) {
            return isValid(written, null);
        }
        if (digits.startsWith("00") && digits.length() >= LEAST_NATIONAL + 2) {
            return isValid("+" + digits.substring(2), null);
        }
        // Whatever is one run of digits may be anything.
        boolean grouped = written.length() > digits.length();
        if (!grouped || digits.length() < LEAST_NATIONAL || isDate(written)) {
            return false;
        }
        List<String> regions = digits.charAt(0) == '0' ? WITH_ZERO : WITHOUT;
        boolean northAmerican =
                written.matches("\\(?[2-9][0-9]{2}\\)?[ .-]{0,2}[2-9][0-9]{2}[ .-][0-9]{4}");
        return (digits.charAt(0) == '0' || northAmerican)
                && regions.stream().anyMatch(region -> isValid(written, region));
    }

    /// `01/02/2026 12:30` and the like, and ranges of pages.
    private static boolean isDate(String written) {
        return written.matches("[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}.*")
                || written.matches("[0-9]{4}[./-][0-9]{1,2}[./-][0-9]{1,2}.*");
    }

    private static boolean isValid(String written, @Nullable String region) {
        try {
            return PHONES.isValidNumber(PHONES.parse(written, region));
        } catch (NumberParseException none) {
            return false;
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '@' || c == '#';
    }
}
