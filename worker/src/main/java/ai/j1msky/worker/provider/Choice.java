package ai.j1msky.worker.provider;

import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.common.money.Price;
import ai.j1msky.worker.model.ModelProvider;

/// Who runs an agent.
public sealed interface Choice {

    /// The provider's name, for the log and the metrics.
    String provider();

    /// A provider that can be called.
    ///
    /// @param caller the provider itself
    /// @param model what it calls the model
    /// @param maxOutputTokens the cap sent with the call
    /// @param price what the order is charged at
    record Ready(ModelProvider caller, String model, int maxOutputTokens, Price price)
            implements Choice {
        @Override
        public String provider() {
            return caller.name();
        }
    }

    /// Nobody here can run it.
    ///
    /// @param reason what the agent's owner is told
    record Missing(String provider, FailureReason reason) implements Choice {}
}
