package ai.j1msky.worker.sandbox;

import ai.j1msky.common.money.Usage;
import ai.j1msky.worker.model.CallProgress;
import ai.j1msky.worker.model.MeteredUsage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/// Remembers what a call told, and can stop it.
final class RecordedProgress implements CallProgress {

    private final CompletableFuture<Runnable> stop = new CompletableFuture<>();
    private final List<Usage> usages = new CopyOnWriteArrayList<>();
    private final boolean stoppedAlready;

    private RecordedProgress(boolean stoppedAlready) {
        this.stoppedAlready = stoppedAlready;
    }

    static RecordedProgress running() {
        return new RecordedProgress(false);
    }

    static RecordedProgress stoppedBefore() {
        return new RecordedProgress(true);
    }

    @Override
    public void onStop(Runnable action) {
        stop.complete(action);
        if (stoppedAlready) {
            action.run();
        }
    }

    @Override
    public void usage(MeteredUsage soFar) {
        usages.add(soFar.usage());
    }

    /// Stops the call as soon as it has said how.
    void stop() {
        stop.join().run();
    }

    List<Usage> usages() {
        return usages;
    }
}
