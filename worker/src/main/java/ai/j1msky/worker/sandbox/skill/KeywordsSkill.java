package ai.j1msky.worker.sandbox.skill;

import ai.j1msky.worker.sandbox.text.Keywords;
import ai.j1msky.worker.sandbox.text.Markdown;
import ai.j1msky.worker.sandbox.text.Script;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds keywords: `Extract the keywords: …`, `Top 5 keywords of this text: …`.
final class KeywordsSkill implements Skill {

    private static final int USUAL_COUNT = 8;
    private static final int MAX_COUNT = 30;

    private static final Pattern ASKED =
            Pattern.compile(
                    "(?i)^(?:(?:please|can you|could you|extract|list|find|get|give|show|tell|what|which|are|me|us|the|"
                            + "all|main|key|most|important|top|best|[0-9]{1,3})\\s+)*+(?:keywords?|key[ -]?phrases?|"
                            + "key\\s+terms|tags)\\b");
    private static final Pattern COUNT = Pattern.compile("\\b([0-9]{1,3})\\b");

    @Override
    public Optional<String> answer(Task task) {
        if (task.body().isEmpty() || !ASKED.matcher(task.head()).find()) {
            return Optional.empty();
        }
        if (!Script.isMostlyLatin(task.body())) {
            return Optional.of(Script.ENGLISH_ONLY);
        }
        List<String> keywords = Keywords.of(Markdown.paragraphs(task.body()), count(task.head()));
        return Optional.of(
                keywords.isEmpty()
                        ? "I found no keywords in this text."
                        : "Keywords: " + String.join(", ", keywords));
    }

    private static int count(String head) {
        Matcher matcher = COUNT.matcher(head);
        return matcher.find()
                ? Math.clamp(Integer.parseInt(matcher.group(1)), 1, MAX_COUNT)
                : USUAL_COUNT;
    }
}
