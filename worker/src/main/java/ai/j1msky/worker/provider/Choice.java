package ai.j1msky.worker.provider;

import ai.j1msky.common.agent.Deferral;
import ai.j1msky.common.agent.FailureReason;
import ai.j1msky.common.money.Price;
import ai.j1msky.worker.model.ModelProvider;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Who runs an agent next.
public sealed interface Choice {

    /// A choice that an attempt can start with.
    sealed interface Made extends Choice {

        /// The alias that runs.
        String alias();

        /// The provider's name, for the log and the metrics.
        String provider();

        /// What it is charged at when that is not the order's own price.
        @Nullable Price otherPrice();
    }

    /// A provider that can be called, with a place for this call.
    ///
    /// @param caller the provider itself
    /// @param model what it calls the model
    /// @param maxOutputTokens the cap sent with the call
    /// @param price what the call is charged at
    /// @param isOther whether that is another model's price than the order's
    /// @param pass to be ended
    /// @param budget the provider's calls in an hour, of which this is to take one; null when they are not limited
    record Ready(
            ModelProvider caller,
            String alias,
            String model,
            int maxOutputTokens,
            Price price,
            boolean isOther,
            Pass pass,
            @Nullable CallBudget budget)
            implements Made {
        @Override
        public String provider() {
            return caller.name();
        }

        @Override
        public @Nullable Price otherPrice() {
            return isOther ? price : null;
        }
    }

    /// Nobody here can run it.
    ///
    /// @param reason what the agent's owner is told
    record Missing(String alias, String provider, FailureReason reason) implements Made {
        @Override
        public @Nullable Price otherPrice() {
            return null;
        }
    }

    /// Everybody who can run it is to be left alone now.
    ///
    /// @param delay for how long at least
    record Blocked(Deferral.Reason reason, Duration delay) implements Choice {

        /// The one that is over sooner.
        public static Blocked sooner(@Nullable Blocked one, Blocked other) {
            return one != null && one.delay.compareTo(other.delay) <= 0 ? one : other;
        }
    }
}
