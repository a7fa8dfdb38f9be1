package ai.j1msky.common.pii;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.validator.routines.CreditCardValidator;
import org.apache.commons.validator.routines.IBANValidator;

/// Numbers with check digits.
final class NumberForms {

    private static final IBANValidator IBANS = IBANValidator.getInstance();
    private static final CreditCardValidator CARDS =
            new CreditCardValidator(
                    CreditCardValidator.AMEX
                            + CreditCardValidator.DINERS
                            + CreditCardValidator.DISCOVER
                            + CreditCardValidator.MASTERCARD
                            + CreditCardValidator.VISA
                            + CreditCardValidator.VPAY);

    private static final Pattern IBAN =
            Pattern.compile("\\b[A-Z]{2}[0-9]{2}(?:[ ]?[A-Z0-9]){11,30}+");
    private static final int SHORTEST_IBAN = 15;
    private static final int LEAST_DIGITS = 13;
    private static final int MOST_DIGITS = 19;

    private NumberForms() {}

    static void ibans(String text, PiiFinder.Finds finds) {
        Matcher ibans = IBAN.matcher(text);
        int from = 0;
        while (ibans.find(from)) {
            int end = ibanEnd(text, ibans.start(), ibans.end());
            if (end > 0) {
                finds.add(PiiType.IBAN, ibans.start(), end);
            }
            from = end > 0 ? end : ibans.start() + 1;
            if (from > text.length()) {
                return;
            }
        }
    }

    /// Words in capitals may follow one that is written with blanks.
    private static int ibanEnd(String text, int from, int most) {
        for (int end = most; end - from >= SHORTEST_IBAN; end--) {
            boolean atWord = end == text.length() || !isOfNumber(text.charAt(end));
            if (atWord
                    && isOfNumber(text.charAt(end - 1))
                    && IBANS.isValid(text.substring(from, end).replace(" ", ""))) {
                return end;
            }
        }
        return -1;
    }

    private static boolean isOfNumber(char c) {
        return c < 128 && Character.isLetterOrDigit(c);
    }

    /// Runs of digits in groups, parted by one blank or hyphen each.
    static void cards(String text, PiiFinder.Finds finds) {
        int from = 0;
        while (from < text.length()) {
            if (!isDigit(text, from)) {
                from++;
                continue;
            }
            int to = from + 1;
            while (isDigit(text, to)
                    || (to < text.length()
                            && (text.charAt(to) == ' ' || text.charAt(to) == '-')
                            && isDigit(text, to + 1))) {
                to++;
            }
            boolean alone =
                    (from == 0 || !isOfWord(text.charAt(from - 1)))
                            && (to == text.length() || !isOfWord(text.charAt(to)))
                            && !(from > 0 && text.charAt(from - 1) == '.')
                            && !(isDigit(text, to + 1) && text.charAt(to) == '.');
            if (alone && to - from <= 2 * MOST_DIGITS) {
                card(text, from, to, finds);
            }
            from = to;
        }
    }

    private static void card(String text, int from, int to, PiiFinder.Finds finds) {
        String digits = text.substring(from, to).replace(" ", "").replace("-", "");
        if (digits.length() >= LEAST_DIGITS
                && digits.length() <= MOST_DIGITS
                && CARDS.isValid(digits)) {
            finds.add(PiiType.CARD, from, to);
        }
    }

    private static boolean isDigit(String text, int at) {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private static boolean isOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }
}
