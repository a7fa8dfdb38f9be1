package ai.j1msky.worker.sandbox.skill;

import ai.j1msky.worker.sandbox.text.Script;
import ai.j1msky.worker.sandbox.text.TextStatistics;
import java.util.Optional;
import java.util.regex.Pattern;

/// Counts: `How many words has this text: …`, `Text statistics: …`, `Reading time: …`.
final class TextStatisticsSkill implements Skill {

    private static final Pattern COUNT =
            Pattern.compile(
                    "(?i)\\b(?:(?:word|character|sentence)\\s+count|count\\s+(?:the\\s+|all\\s+)?(?:words|characters|"
                            + "sentences)|how\\s+many\\s+(?:words|characters|sentences)|text\\s+(?:statistics|stats)|"
                            + "(?:statistics|stats)\\s+(?:of|for|about|on)\\s+(?:this|the|my|following|text)|"
                            + "reading\\s+time)\\b");

    @Override
    public Optional<String> answer(Task task) {
        if (task.body().isEmpty() || !COUNT.matcher(task.head()).find()) {
            return Optional.empty();
        }
        String counted = TextStatistics.of(task.body()).description();
        return Optional.of(
                Script.isMostlyLatin(task.body()) ? counted : counted + "\n" + Script.COUNT_NOTE);
    }
}
