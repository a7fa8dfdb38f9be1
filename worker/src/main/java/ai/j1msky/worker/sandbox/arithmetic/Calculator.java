package ai.j1msky.worker.sandbox.arithmetic;

import com.ezylang.evalex.EvaluationException;
import com.ezylang.evalex.Expression;
import com.ezylang.evalex.config.ExpressionConfiguration;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.parser.ParseException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;

/// A calculator for expressions of strangers: whatever they write costs little and ends soon.
///
/// Bounds: 500 characters, no exponent notation, powers within 10^±1000, no factorials, no strings, no names other
/// than its own functions and `pi` and `e`. So no intermediate value can pass some ten thousand digits.
public final class Calculator {

    /// The outcome of one calculation.
    public sealed interface Outcome {

        /// The result.
        ///
        /// @param text the number, rounded to 15 digits when it is not short
        /// @param exact false when `text` is rounded
        record Value(String text, boolean exact) implements Outcome {}

        /// Arithmetic without a result; `reason` completes "I cannot calculate this: …".
        record NoValue(String reason) implements Outcome {}

        /// Not an arithmetic expression.
        record NotArithmetic() implements Outcome {}
    }

    private static final String NO_VALUE = "it has no value that I can calculate";
    private static final int MAX_LENGTH = 500;
    private static final int MAX_NUMBER_LENGTH = 60;
    private static final int MAX_PLAIN_LENGTH = 100;
    private static final int ROUNDED_DIGITS = 15;

    private static final Pattern ALPHABET =
            Pattern.compile(
                    "(?i)(?:[-+*/%^(),.\\s0-9]++|\\b(?:sqrt|abs|min|max|round|floor|ceiling|sum|average|pi|e)\\b)++");
    private static final Pattern SOMETHING_TO_DO =
            Pattern.compile("[0-9).\\s][-+*/%^]|[a-zA-Z]\\s*[-+*/%^(]|[0-9)]\\s*\\(");
    private static final Pattern LONG_NUMBER = Pattern.compile("[0-9.]{" + MAX_NUMBER_LENGTH + "}");
    private static final Pattern NEGATIVE_EXPONENT = Pattern.compile("\\^\\s*+-\\s*+([0-9.]++)");

    private static final ExpressionConfiguration LANGUAGE = Language.create();

    private Calculator() {}

    /// Calculates `expression`, for example `12*(3+4)` or `sqrt(2)^3`.
    public static Outcome calculate(String expression) {
        if (expression.length() > 4 * MAX_LENGTH
                || !ALPHABET.matcher(expression).matches()
                || !SOMETHING_TO_DO.matcher(expression).find()) {
            return new Outcome.NotArithmetic();
        }
        if (expression.length() > MAX_LENGTH || LONG_NUMBER.matcher(expression).find()) {
            return new Outcome.NoValue("it is longer than I calculate");
        }
        return evaluate(NEGATIVE_EXPONENT.matcher(expression).replaceAll("^(-$1)"));
    }

    private static Outcome evaluate(String expression) {
        try {
            EvaluationValue value = new Expression(expression, LANGUAGE).evaluate();
            return value.isNumberValue()
                    ? shown(value.getNumberValue())
                    : new Outcome.NotArithmetic();
        } catch (ParseException | NoSuchElementException _) {
            // The parser pops an empty stack on some misplaced brackets.
            return new Outcome.NotArithmetic();
        } catch (EvaluationException refusal) {
            return new Outcome.NoValue(reason(refusal));
        } catch (ArithmeticException _) {
            return new Outcome.NoValue(NO_VALUE);
        }
    }

    /// Only sentences of ours: EvalEx quotes the expression in some of its own.
    private static String reason(EvaluationException refusal) {
        String message = String.valueOf(refusal.getMessage());
        return switch (message) {
            case "Division by zero", BoundedPower.ZERO_DIVISION -> BoundedPower.ZERO_DIVISION;
            case BoundedPower.OUT_OF_BOUNDS -> BoundedPower.OUT_OF_BOUNDS;
            default -> NO_VALUE;
        };
    }

    private static Outcome shown(BigDecimal number) {
        BigDecimal exact = number.stripTrailingZeros();
        boolean isWhole = exact.scale() <= 0;
        int length =
                isWhole
                        ? exact.precision() - exact.scale()
                        : exact.precision() + Math.abs(exact.scale());
        if (exact.precision() < MAX_NUMBER_LENGTH && isWhole && length <= MAX_PLAIN_LENGTH) {
            return new Outcome.Value(exact.toPlainString(), true);
        }
        BigDecimal rounded =
                exact.round(new MathContext(ROUNDED_DIGITS, RoundingMode.HALF_EVEN))
                        .stripTrailingZeros();
        boolean plain = Math.abs(rounded.precision() - rounded.scale()) <= ROUNDED_DIGITS + 6;
        return new Outcome.Value(
                plain ? rounded.toPlainString() : rounded.toString(),
                rounded.compareTo(exact) == 0);
    }
}
