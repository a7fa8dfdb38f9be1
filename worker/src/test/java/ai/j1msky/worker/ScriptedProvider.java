package ai.j1msky.worker;

import ai.j1msky.common.money.Usage;
import ai.j1msky.worker.model.CallProgress;
import ai.j1msky.worker.model.MeteredUsage;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelCall;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelProvider;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// A model that does what its prompt says: `hang` until stopped, `fail`, or answer at once.
final class ScriptedProvider implements ModelProvider {

    final List<String> prompts = new CopyOnWriteArrayList<>();
    final List<String> stopped = new CopyOnWriteArrayList<>();

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public ModelAnswer call(ModelCall call, CallProgress progress) throws ModelFailure {
        prompts.add(call.prompt());
        progress.usage(MeteredUsage.reported(new Usage(3, 0)));
        if (call.prompt().startsWith("hang")) {
            hang(call, progress);
        }
        if (call.prompt().startsWith("fail")) {
            throw new ModelFailure(ModelFailure.Kind.PROVIDER_UNAVAILABLE, "Try again later.");
        }
        return new ModelAnswer(
                "answer to " + call.prompt(), MeteredUsage.reported(new Usage(3, 4)), false);
    }

    private void hang(ModelCall call, CallProgress progress) throws ModelFailure {
        CountDownLatch stop = new CountDownLatch(1);
        progress.onStop(stop::countDown);
        try {
            stop.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        stopped.add(call.prompt());
        throw new ModelFailure(ModelFailure.Kind.STOPPED, "Stopped.");
    }
}
