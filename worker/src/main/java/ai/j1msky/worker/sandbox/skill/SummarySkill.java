package ai.j1msky.worker.sandbox.skill;

import ai.j1msky.worker.sandbox.text.Keywords;
import ai.j1msky.worker.sandbox.text.Markdown;
import ai.j1msky.worker.sandbox.text.Script;
import ai.j1msky.worker.sandbox.text.Summary;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Summarises English text or Markdown with sentences of its own: `Summarise in 3 sentences: …`, `tl;dr …`.
final class SummarySkill implements Skill {

    private static final int KEYWORDS = 6;
    private static final int MAX_SENTENCES = 10;

    /// Without a colon or a line break, this many words must follow: "summarise the French revolution" has no text.
    private static final int LEAST_WORDS = 25;

    private static final String VERB =
            "(?:summari[sz]e\\b|tl;?dr\\b|(?:(?:give|write|make|create|provide|produce)\\s+)?(?:(?:me|us)\\s+)?"
                    + "(?:(?:a|an|the)\\s+)?(?:[\\w-]{1,20}\\s+){0,3}summary\\s*(?:of\\b|for\\b|$))";
    private static final Pattern ASKED =
            Pattern.compile(
                    "(?i)(?:^|[.!?]\\s+|\\b(?:and|then)\\s+)(?:(?:please|kindly|can you|could you)\\s+)*+"
                            + VERB);
    private static final Pattern ASKED_FIRST =
            Pattern.compile(
                    "(?i)^(?:please\\s+)?"
                            + VERB
                            + "[ \t,-]*+(?:(?:this|the following)\\s+(?:text|article)\\s+)?");
    private static final Pattern ASKED_LAST = Pattern.compile("(?i)\\stl;?dr\\s*[:?.]?\\s*$");
    private static final Pattern BEYOND_US =
            Pattern.compile(
                    "(?i)\\b(?:translat\\w{1,4}|rewrite|as an? (?:poem|haiku|song|rap|joke)|in (?:rhyme|verse|german|"
                            + "french|spanish|italian|dutch|polish|russian|chinese|japanese|portuguese))\\b");
    private static final Pattern LENGTH =
            Pattern.compile(
                    "(?i)\\b([0-9]{1,3}|one|two|three|four|five|six|seven|eight|nine|ten)[ -]sentences?\\b");
    private static final List<String> NUMBERS =
            List.of("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");

    @Override
    public Optional<String> answer(Task task) {
        if (BEYOND_US.matcher(task.head()).find()) {
            return Optional.empty();
        }
        return textOf(task).map(text -> summarised(text, task.head()));
    }

    private static Optional<String> textOf(Task task) {
        if (!task.body().isEmpty() && ASKED.matcher(task.head()).find()) {
            return Optional.of(task.body());
        }
        Matcher first = ASKED_FIRST.matcher(task.text());
        if (task.head().isEmpty() && first.find()) {
            String rest = task.text().substring(first.end());
            return rest.split("\\s+", LEAST_WORDS).length == LEAST_WORDS
                    ? Optional.of(rest)
                    : Optional.empty();
        }
        String ending = task.text().substring(Math.max(0, task.text().length() - 20));
        Matcher last = ASKED_LAST.matcher(ending);
        return last.find()
                ? Optional.of(
                        task.text()
                                .substring(
                                        0, task.text().length() - ending.length() + last.start()))
                : Optional.empty();
    }

    private static String summarised(String text, String head) {
        if (!Script.isMostlyLatin(text)) {
            return Script.ENGLISH_ONLY;
        }
        List<String> paragraphs = Markdown.paragraphs(text);
        Summary summary = Summary.of(paragraphs, sentences(head));
        if (summary.sentences().isEmpty()) {
            return "I found no sentences to summarise in this text.";
        }
        boolean bullets = head.contains("bullet");
        StringBuilder answer = new StringBuilder();
        answer.append(bullets ? "- " : "")
                .append(String.join(bullets ? "\n- " : " ", summary.sentences()));
        List<String> keywords = Keywords.of(paragraphs, KEYWORDS);
        if (!keywords.isEmpty()) {
            answer.append("\n\nKeywords: ").append(String.join(", ", keywords));
        }
        if (!summary.complete()) {
            answer.append("\n\n(Only the first ")
                    .append(Summary.MAX_READ)
                    .append(" sentences were read.)");
        }
        return answer.toString();
    }

    /// How many sentences the task asks for; 0 when it leaves that to us.
    private static int sentences(String head) {
        Matcher matcher = LENGTH.matcher(head);
        if (!matcher.find()) {
            return 0;
        }
        String number = matcher.group(1).toLowerCase(Locale.ROOT);
        int asked =
                NUMBERS.contains(number) ? NUMBERS.indexOf(number) + 1 : Integer.parseInt(number);
        return Math.clamp(asked, 1, MAX_SENTENCES);
    }
}
