package ai.j1msky.worker.sandbox.skill;

import java.util.Optional;

/// One kind of work that the sandbox really does.
///
/// A skill is stateless and thread-safe, answers the same task always the same, and needs bounded time and memory
/// for any task.
sealed interface Skill
        permits ArithmeticSkill,
                TableSkill,
                TextStatisticsSkill,
                SummarySkill,
                KeywordsSkill,
                TeamSkill {

    /// Answers the task, or is empty when the task asks for something else.
    Optional<String> answer(Task task);
}
