package ai.j1msky.worker;

import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.provider.ProviderTable;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The model providers that this worker can call.
@Configuration(proxyBeanMethods = false)
class ProviderWiring {

    @Bean
    ProviderTable providerTable(AgencyConfig config) {
        return new ProviderTable(config, Map.of(), new NoSandbox());
    }

    private static final class NoSandbox implements ai.j1msky.worker.model.ModelProvider {
        @Override
        public String name() {
            return "sandbox";
        }

        @Override
        public ai.j1msky.worker.model.ModelAnswer call(
                ai.j1msky.worker.model.ModelCall call, ai.j1msky.worker.model.CallProgress progress)
                throws ModelFailure {
            throw new ModelFailure(ModelFailure.Kind.SANDBOX_FAILED, "No sandbox yet.");
        }
    }
}
