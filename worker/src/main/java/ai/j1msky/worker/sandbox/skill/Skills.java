package ai.j1msky.worker.sandbox.skill;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Everything the sandbox can do.
public final class Skills {

    /// The order matters: `Summarise this CSV: …` is a table before it is a text.
    private static final List<Skill> ALONE =
            List.of(
                    new ArithmeticSkill(),
                    new TableSkill(),
                    new TextStatisticsSkill(),
                    new SummarySkill(),
                    new KeywordsSkill());

    /// A prompt of a team holds a task, but is none.
    private static final List<Skill> ORDER =
            Stream.concat(Stream.of(new TeamSkill(ALONE)), ALONE.stream()).toList();

    private Skills() {}

    /// The first skill's answer to `prompt`; empty when none of them can do what it asks.
    public static Optional<String> answer(String prompt) {
        Task task = Task.of(prompt);
        return ORDER.stream().flatMap(skill -> skill.answer(task).stream()).findFirst();
    }
}
