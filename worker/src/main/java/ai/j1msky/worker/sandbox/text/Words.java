package ai.j1msky.worker.sandbox.text;

import java.util.ArrayList;
import java.util.List;

/// Words as plain scanning finds them; fast, and no model is needed.
final class Words {

    private Words() {}

    static boolean hasLetter(String word) {
        return word.chars().anyMatch(Character::isLetter);
    }

    /// Runs of words with nothing but spaces between them: `a b, c` is `[[a, b], [c]]`.
    ///
    /// A hyphen, apostrophe, point, slash or underscore belongs to a word when letters or digits stand on both sides.
    static List<List<String>> runs(String text) {
        List<List<String>> runs = new ArrayList<>();
        List<String> run = new ArrayList<>();
        int start = -1;
        for (int at = 0; at <= text.length(); at++) {
            char c = at < text.length() ? text.charAt(at) : '\n';
            if (isWordPart(c) || (start >= 0 && joins(text, at))) {
                start = start < 0 ? at : start;
                continue;
            }
            if (start >= 0) {
                run.add(text.substring(start, at));
                start = -1;
            }
            if (c != ' ' && !run.isEmpty()) {
                runs.add(run);
                run = new ArrayList<>();
            }
        }
        return runs;
    }

    private static boolean joins(String text, int at) {
        return at + 1 < text.length()
                && "-'’._/".indexOf(text.charAt(at)) >= 0
                && isWordPart(text.charAt(at - 1))
                && isWordPart(text.charAt(at + 1));
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || Character.isSurrogate(c);
    }
}
