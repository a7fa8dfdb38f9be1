package ai.j1msky.worker.sandbox.skill;

import ai.j1msky.worker.sandbox.arithmetic.Calculator;
import ai.j1msky.worker.sandbox.arithmetic.Calculator.Outcome;
import java.util.Optional;
import java.util.regex.Pattern;

/// Calculates: `What is 12*(3+4)?`, `calculate 15% of 80`, or a bare expression.
final class ArithmeticSkill implements Skill {

    private static final int MAX_TASK = 2_000;

    private static final Pattern QUESTION =
            Pattern.compile(
                    "(?i)^(?:please\\s+)?(?:what\\s+is|what's|how\\s+much\\s+is|calculate|compute|evaluate|solve)\\b\\s*:?");
    private static final Pattern ENDING = Pattern.compile("[\\s=?.!]++$");
    private static final Pattern DATE_OR_PHONE =
            Pattern.compile("[+(]?[0-9]{2,5}\\)?(?:[-/. ][0-9]{2,5}){1,4}");
    private static final Pattern PERCENT_OF =
            Pattern.compile("(?i)([0-9]++(?:\\.[0-9]++)?)\\s*+(?:%|percent)\\s*+of\\b");
    private static final Pattern THOUSANDS =
            Pattern.compile("(?<![0-9.,])([0-9]{1,3}(?:,[0-9]{3})++)(?![0-9,])");

    @Override
    public Optional<String> answer(Task task) {
        if (task.text().length() > MAX_TASK) {
            return Optional.empty();
        }
        String asked = QUESTION.matcher(task.text()).replaceFirst("");
        boolean bare = asked.length() == task.text().length();
        String expression = ENDING.matcher(asked).replaceFirst("").strip();
        if (bare && DATE_OR_PHONE.matcher(expression).matches()) {
            return Optional.empty();
        }
        return switch (Calculator.calculate(inSymbols(expression))) {
            case Outcome.Value(String text, boolean exact) ->
                    Optional.of(expression + (exact ? " = " : " ≈ ") + text);
            case Outcome.NoValue(String reason) ->
                    Optional.of("I cannot calculate this: " + reason + ".");
            case Outcome.NotArithmetic() -> Optional.empty();
        };
    }

    private static String inSymbols(String expression) {
        String symbols =
                PERCENT_OF
                        .matcher(expression)
                        .replaceAll("($1/100)*")
                        .replace('×', '*')
                        .replace('÷', '/')
                        .replace('−', '-')
                        .replace("**", "^")
                        .replaceAll("(?i)\\bplus\\b", "+")
                        .replaceAll("(?i)\\bminus\\b", "-")
                        .replaceAll("(?i)\\b(?:times|multiplied\\s+by)\\b", "*")
                        .replaceAll("(?i)\\b(?:divided\\s+by|over)\\b", "/");
        boolean hasFunction = symbols.chars().anyMatch(Character::isLetter);
        return hasFunction
                ? symbols
                : THOUSANDS.matcher(symbols).replaceAll(match -> match.group().replace(",", ""));
    }
}
