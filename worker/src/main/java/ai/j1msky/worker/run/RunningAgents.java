package ai.j1msky.worker.run;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Who runs here now, and what was seen lately of those who do not: attempts begun here, cancels. Thread-safe.
public final class RunningAgents {

    private static final int REMEMBERED = 20_000;

    private final Map<String, Run> runs = new ConcurrentHashMap<>();
    private final Map<String, Integer> begun = recent();
    private final Map<String, Boolean> cancels = recent();

    /// What became of the wish to run an attempt here.
    public enum Entry {
        /// It may start.
        ENTERED,
        /// The same attempt runs here, or did so a moment ago.
        ALREADY,
        /// Its owner has cancelled it.
        CANCELLED
    }

    /// Enters a run before its start is appended, so that nothing said about it from then on is missed.
    public Entry enter(Run run) {
        String agent = run.order().agentId().value();
        if (begunUpTo(agent) >= run.command().attempt() || runs.putIfAbsent(agent, run) != null) {
            return Entry.ALREADY;
        }
        // Looked at after entering: a cancel read before is here, one read later finds the run.
        synchronized (cancels) {
            if (cancels.containsKey(agent)) {
                runs.remove(agent, run);
                return Entry.CANCELLED;
            }
        }
        synchronized (begun) {
            begun.put(agent, run.command().attempt());
        }
        return Entry.ENTERED;
    }

    /// Takes a run out that never started, so that it may be entered again.
    public void withdraw(Run run) {
        String agent = run.order().agentId().value();
        synchronized (begun) {
            begun.remove(agent);
        }
        runs.remove(agent, run);
    }

    void leave(Run run) {
        runs.remove(run.order().agentId().value(), run);
    }

    @Nullable Run find(String agent) {
        return runs.get(agent);
    }

    /// To be called before [#find], so that none falls between.
    void rememberCancel(String agent) {
        synchronized (cancels) {
            cancels.put(agent, true);
        }
    }

    public int count() {
        return runs.size();
    }

    Collection<Run> all() {
        return List.copyOf(runs.values());
    }

    /// Waits until nothing runs or the time of [System#nanoTime] has come.
    void awaitNone(long deadline) throws InterruptedException {
        while (!runs.isEmpty() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private int begunUpTo(String agent) {
        synchronized (begun) {
            return begun.getOrDefault(agent, 0);
        }
    }

    private static <V> Map<String, V> recent() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }
}
