package ai.j1msky.common.agent;

import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.money.Metering;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// Makes logs of one agent from a seed. Two workers race for attempts 1 to 3, are lost, answer late, answer twice,
/// call one model after another, put off what they cannot start; agents wait for their account's turn, the owner
/// cancels, queues and deadlines run out, clocks differ by minutes, records stand on the log twice.
public final class RandomLogs {

    private static final int MOST_EVENTS = 12;
    private static final int LAST_ATTEMPT = 3;
    private static final int MOST_COMMANDS = 4;
    private static final Metering[] METERINGS = Metering.values();

    private record Run(int attempt, WorkerId worker) {}

    private final Random random;
    private final List<AgentEvent> events = new ArrayList<>();
    private final List<Run> starts = new ArrayList<>();
    private final Map<Integer, WorkerId> runners = new HashMap<>();
    private final Map<Run, Integer> failedCalls = new HashMap<>();
    private int startable = 1;

    private RandomLogs(Random random) {
        this.random = random;
    }

    /// A log on which nothing stands before its cause, however hostile the rest.
    public static AgentLog causal(long seed) {
        RandomLogs logs = new RandomLogs(new Random(seed));
        int length = 1 + logs.random.nextInt(MOST_EVENTS);
        while (logs.events.size() < length) {
            logs.addCausal();
        }
        return new AgentLog(seed, true, logs.commands(), List.copyOf(logs.events));
    }

    /// A log that no set of workers could write: causes after effects, attempts out of the blue.
    public static AgentLog chaotic(long seed) {
        RandomLogs logs = new RandomLogs(new Random(seed));
        int length = 1 + logs.random.nextInt(MOST_EVENTS);
        while (logs.events.size() < length) {
            if (logs.random.nextInt(3) == 0) {
                int attempt = logs.random.nextInt(LAST_ATTEMPT + 1);
                logs.events.add(logs.anyOf(new Run(attempt, logs.worker())));
            } else {
                logs.addCausal();
            }
        }
        Collections.shuffle(logs.events, logs.random);
        return new AgentLog(seed, false, logs.commands(), List.copyOf(logs.events));
    }

    private void addCausal() {
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> start(new Run(1 + random.nextInt(startable), worker()));
            case 4 -> events.add(Entries.cancelRequested(time()));
            case 5 -> {
                if (random.nextInt(4) == 0) {
                    events.add(
                            random.nextBoolean()
                                    ? Entries.expired(time())
                                    : Entries.givenUp(time()));
                }
            }
            case 6 -> {
                if (!events.isEmpty()) {
                    events.add(events.get(random.nextInt(events.size())));
                }
            }
            case 12 ->
                    events.add(Entries.deferred(1 + random.nextInt(startable), worker(), time()));
            case 13 -> {
                if (!starts.isEmpty()) {
                    failCall(starts.get(random.nextInt(starts.size())));
                }
            }
            case 7, 8, 9 -> {
                if (!starts.isEmpty()) {
                    lose(starts.get(random.nextInt(starts.size())));
                }
            }
            default -> {
                if (!starts.isEmpty()) {
                    events.add(endingOf(starts.get(random.nextInt(starts.size()))));
                }
            }
        }
    }

    private void start(Run run) {
        events.add(Entries.started(run.attempt, run.worker, time()));
        starts.add(run);
        runners.putIfAbsent(run.attempt, run.worker);
    }

    private void failCall(Run run) {
        int call = failedCalls.merge(run, 1, Integer::sum);
        events.add(Entries.callFailed(run.attempt, run.worker, call, time()));
    }

    private void lose(Run run) {
        events.add(Entries.lost(run.attempt, run.worker, time()));
        // Only the loss of the worker that runs an attempt lets the next one be commanded.
        if (run.worker.equals(runners.get(run.attempt))) {
            startable = Math.max(startable, Math.min(LAST_ATTEMPT, run.attempt + 1));
        }
    }

    private AgentEvent anyOf(Run run) {
        return switch (random.nextInt(5)) {
            case 0 -> Entries.started(run.attempt, run.worker, time());
            case 1 -> Entries.lost(run.attempt, run.worker, time());
            case 2 -> Entries.deferred(run.attempt, run.worker, time());
            case 3 -> Entries.callFailed(run.attempt, run.worker, 1 + random.nextInt(2), time());
            default -> endingOf(run);
        };
    }

    private AgentEvent endingOf(Run run) {
        // Nobody's endings cost nothing; a worker's may.
        long micros = run.attempt == 0 ? 0 : random.nextInt(1_000);
        Metering metering = METERINGS[random.nextInt(METERINGS.length)];
        return switch (random.nextInt(3)) {
            case 0 -> Entries.completed(run.attempt, run.worker, metering, 1 + micros, time());
            case 1 -> Entries.failed(run.attempt, run.worker, metering, micros, time());
            default -> Entries.cancelled(run.attempt, run.worker, metering, micros, time());
        };
    }

    private List<SpawnCommand> commands() {
        return IntStream.range(0, random.nextInt(MOST_COMMANDS + 1))
                .mapToObj(_ -> Entries.command(random.nextInt(LAST_ATTEMPT + 1)))
                .toList();
    }

    private WorkerId worker() {
        return random.nextBoolean() ? Entries.ONE : Entries.TWO;
    }

    private Instant time() {
        return Entries.NOON.plusSeconds(random.nextInt(600) - 300);
    }
}
