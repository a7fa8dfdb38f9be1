package ai.j1msky.worker.sandbox.skill;

/// A task split into what is asked and what it is asked about.
///
/// The split is the first line break or the first colon followed by a space, whichever comes first, within the first
/// 200 characters: `Summarise in two sentences: TEXT`.
///
/// @param text the whole task, stripped
/// @param head what is asked, or empty when the task has no such split
/// @param body what it is asked about, stripped; empty when `head` is
record Task(String text, String head, String body) {

    /// The sandbox reads this many characters of a task; the gateway refuses tasks half as long.
    static final int MAX_LENGTH = 1 << 19;

    private static final int MAX_HEAD = 200;

    static Task of(String prompt) {
        String bounded = prompt.length() > MAX_LENGTH ? prompt.substring(0, MAX_LENGTH) : prompt;
        String text = bounded.strip();
        int limit = Math.min(text.length(), MAX_HEAD);
        for (int at = 0; at < limit; at++) {
            char c = text.charAt(at);
            if (c == '\n' || c == '\r' || endsHead(text, at)) {
                return new Task(
                        text, text.substring(0, at).strip(), text.substring(at + 1).strip());
            }
        }
        return new Task(text, "", "");
    }

    private static boolean endsHead(String text, int at) {
        return text.charAt(at) == ':'
                && (at + 1 == text.length() || Character.isWhitespace(text.charAt(at + 1)));
    }

    @Override
    public String toString() {
        return "Task[" + text.length() + " characters]";
    }
}
