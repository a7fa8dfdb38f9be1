package ai.j1msky.worker.sandbox.skill;

import ai.j1msky.worker.sandbox.table.DelimitedText;
import ai.j1msky.worker.sandbox.table.Table;
import java.util.Optional;
import java.util.regex.Pattern;

/// Describes CSV: `Analyse this CSV: …` gives rows, columns and, for each column, its range or its values.
final class TableSkill implements Skill {

    private static final Pattern DESCRIBE =
            Pattern.compile(
                    "(?i)\\b(?:statistics|stats|analy[sz]e|analysis|describe|summar\\w{1,10}|profile|count|"
                            + "how many (?:rows|columns)|minimum|maximum|min|max|mean|average)\\b");
    private static final Pattern TABLE =
            Pattern.compile("(?i)\\b(?:csv|tsv|spreadsheet|table|rows|columns?)\\b");

    @Override
    public Optional<String> answer(Task task) {
        if (task.body().isEmpty() || !DESCRIBE.matcher(task.head()).find()) {
            return Optional.empty();
        }
        boolean namesTable = TABLE.matcher(task.head()).find();
        return DelimitedText.parse(task.body())
                .filter(table -> namesTable || table.isUnmistakable())
                .map(Table::description);
    }
}
