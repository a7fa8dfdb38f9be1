package ai.j1msky.e2e;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives every class the same [Product], started by the first that asks and stopped after the last, and heals it
/// after a test that failed half-way.
final class RunningProduct implements ParameterResolver, AfterEachCallback {

    private static final ExtensionContext.Namespace HERE =
            ExtensionContext.Namespace.create(RunningProduct.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Product.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return product(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            product(context).heal();
        }
    }

    private static Product product(ExtensionContext context) {
        return context.getRoot()
                .getStore(HERE)
                .computeIfAbsent(Product.class, absent -> Product.start(), Product.class);
    }
}
