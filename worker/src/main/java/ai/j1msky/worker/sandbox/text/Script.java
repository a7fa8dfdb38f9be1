package ai.j1msky.worker.sandbox.text;

/// Whether a text is written in letters the sandbox can read.
public final class Script {

    /// The answer to a request that makes sense for English only.
    public static final String ENGLISH_ONLY =
            "The sandbox reads English only, and this text has hardly any Latin letters; configure a provider for it.";

    /// Goes with counts that another script makes doubtful.
    public static final String COUNT_NOTE =
            "Note: this text has hardly any Latin letters; the sandbox reads English only, so words and sentences"
                    + " may be miscounted.";

    private static final int ENOUGH_LETTERS = 20;

    private Script() {}

    /// True when at least half of the letters are Latin, or there are fewer than 20 letters to tell from.
    public static boolean isMostlyLatin(String text) {
        int letters = 0;
        int latin = 0;
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            if (Character.isLetter(codePoint)) {
                letters++;
                if (Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.LATIN) {
                    latin++;
                }
            }
        }
        return letters < ENOUGH_LETTERS || latin * 2 >= letters;
    }
}
