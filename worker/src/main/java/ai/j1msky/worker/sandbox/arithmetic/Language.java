package ai.j1msky.worker.sandbox.arithmetic;

import com.ezylang.evalex.config.ExpressionConfiguration;
import com.ezylang.evalex.config.MapBasedFunctionDictionary;
import com.ezylang.evalex.config.MapBasedOperatorDictionary;
import com.ezylang.evalex.functions.basic.AbsFunction;
import com.ezylang.evalex.functions.basic.AverageFunction;
import com.ezylang.evalex.functions.basic.CeilingFunction;
import com.ezylang.evalex.functions.basic.FloorFunction;
import com.ezylang.evalex.functions.basic.MaxFunction;
import com.ezylang.evalex.functions.basic.MinFunction;
import com.ezylang.evalex.functions.basic.RoundFunction;
import com.ezylang.evalex.functions.basic.SqrtFunction;
import com.ezylang.evalex.functions.basic.SumFunction;
import com.ezylang.evalex.operators.arithmetic.InfixDivisionOperator;
import com.ezylang.evalex.operators.arithmetic.InfixMinusOperator;
import com.ezylang.evalex.operators.arithmetic.InfixModuloOperator;
import com.ezylang.evalex.operators.arithmetic.InfixMultiplicationOperator;
import com.ezylang.evalex.operators.arithmetic.InfixPlusOperator;
import com.ezylang.evalex.operators.arithmetic.PrefixMinusOperator;
import com.ezylang.evalex.operators.arithmetic.PrefixPlusOperator;
import java.math.MathContext;
import java.math.RoundingMode;

/// The operators and functions that may be used: nothing that grows faster than its text, except [BoundedPower].
final class Language {

    private static final MathContext PRECISION = new MathContext(64, RoundingMode.HALF_EVEN);

    private Language() {}

    static ExpressionConfiguration create() {
        return ExpressionConfiguration.builder()
                .operatorDictionary(operators())
                .functionDictionary(functions())
                .mathContext(PRECISION)
                .arraysAllowed(false)
                .structuresAllowed(false)
                .binaryAllowed(false)
                .build();
    }

    private static MapBasedOperatorDictionary operators() {
        MapBasedOperatorDictionary operators = new MapBasedOperatorDictionary();
        operators.addOperator("+", new PrefixPlusOperator());
        operators.addOperator("-", new PrefixMinusOperator());
        operators.addOperator("+", new InfixPlusOperator());
        operators.addOperator("-", new InfixMinusOperator());
        operators.addOperator("*", new InfixMultiplicationOperator());
        operators.addOperator("/", new InfixDivisionOperator());
        operators.addOperator("%", new InfixModuloOperator());
        operators.addOperator("^", new BoundedPower());
        return operators;
    }

    private static MapBasedFunctionDictionary functions() {
        MapBasedFunctionDictionary functions = new MapBasedFunctionDictionary();
        functions.addFunction("SQRT", new SqrtFunction());
        functions.addFunction("ABS", new AbsFunction());
        functions.addFunction("MIN", new MinFunction());
        functions.addFunction("MAX", new MaxFunction());
        functions.addFunction("ROUND", new RoundFunction());
        functions.addFunction("FLOOR", new FloorFunction());
        functions.addFunction("CEILING", new CeilingFunction());
        functions.addFunction("SUM", new SumFunction());
        functions.addFunction("AVERAGE", new AverageFunction());
        return functions;
    }
}
