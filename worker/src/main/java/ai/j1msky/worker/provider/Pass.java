package ai.j1msky.worker.provider;

import ai.j1msky.worker.model.ModelFailure;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A place for one call at a provider. Ends once, with what became of the call; whatever is said later is not heard.
public final class Pass {

    private final @Nullable ProviderGate gate;
    private final AtomicBoolean ended = new AtomicBoolean();

    /// @param gate null where nobody counts, as for the sandbox
    Pass(@Nullable ProviderGate gate) {
        this.gate = gate;
    }

    /// The call is not made.
    public void unused() {
        if (gate != null && end()) {
            gate.leave();
        }
    }

    public void succeeded() {
        if (gate != null && end()) {
            gate.succeeded();
        }
    }

    public void failed(ModelFailure failure) {
        if (gate != null && end()) {
            gate.failed(failure);
        }
    }

    private boolean end() {
        return ended.compareAndSet(false, true);
    }
}
