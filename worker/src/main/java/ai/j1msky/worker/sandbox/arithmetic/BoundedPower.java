package ai.j1msky.worker.sandbox.arithmetic;

import com.ezylang.evalex.EvaluationException;
import com.ezylang.evalex.Expression;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.operators.AbstractOperator;
import com.ezylang.evalex.operators.InfixOperator;
import com.ezylang.evalex.operators.OperatorIfc;
import com.ezylang.evalex.parser.Token;
import java.math.BigDecimal;
import java.math.MathContext;

/// `a ^ b`, refused before it is computed when it would pass 10^±1000.
///
/// Binds tighter than a leading minus, as in mathematics: `-2^2` is -4. EvalEx's own operator would spend memory
/// in proportion to the size of the exponent.
@InfixOperator(precedence = OperatorIfc.OPERATOR_PRECEDENCE_POWER_HIGHER, leftAssociative = false)
final class BoundedPower extends AbstractOperator {

    static final String OUT_OF_BOUNDS = "it is larger or smaller than I calculate with";
    static final String ZERO_DIVISION = "division by zero has no value";

    private static final String NOT_REAL = "not a real number";
    private static final int MAX_DIGITS = 1000;

    /// Bounds the squarings; only bases close to 1 meet it before the digits do.
    private static final BigDecimal MAX_EXPONENT = BigDecimal.valueOf(10_000);

    @Override
    public EvaluationValue evaluate(Expression expression, Token token, EvaluationValue... operands)
            throws EvaluationException {
        BigDecimal base = operands[0].getNumberValue();
        BigDecimal exponent = operands[1].getNumberValue();
        if (base == null || exponent == null) {
            throw EvaluationException.ofUnsupportedDataTypeInOperation(token);
        }
        if (exponent.abs().compareTo(MAX_EXPONENT) > 0 || digits(base, exponent) > MAX_DIGITS) {
            throw new EvaluationException(token, OUT_OF_BOUNDS);
        }
        return expression.convertValue(
                power(base, exponent, expression.getConfiguration().getMathContext(), token));
    }

    private static BigDecimal power(
            BigDecimal base, BigDecimal exponent, MathContext precision, Token token)
            throws EvaluationException {
        if (exponent.stripTrailingZeros().scale() <= 0) {
            int whole = exponent.intValueExact();
            if (whole < 0 && base.signum() == 0) {
                throw new EvaluationException(token, ZERO_DIVISION);
            }
            BigDecimal power = base.pow(Math.abs(whole), precision);
            return whole < 0 ? BigDecimal.ONE.divide(power, precision) : power;
        }
        double power = Math.pow(base.doubleValue(), exponent.doubleValue());
        if (!Double.isFinite(power)) {
            throw new EvaluationException(token, NOT_REAL);
        }
        return BigDecimal.valueOf(power);
    }

    /// The decimal digits before (or zeros after) the point of `base ^ exponent`, at least; 0 for a base of 0.
    private static double digits(BigDecimal base, BigDecimal exponent) {
        if (base.signum() == 0) {
            return 0;
        }
        int magnitude = base.precision() - base.scale();
        double leading = base.abs().movePointLeft(magnitude).doubleValue();
        return Math.abs((magnitude + Math.log10(leading)) * exponent.doubleValue());
    }
}
