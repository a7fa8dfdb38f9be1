package ai.j1msky.e2e.cluster;

import ai.j1msky.e2e.Spent;
import ai.j1msky.infra.testkit.model.RecordedCall;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/// The faults: each looks for the node that matters most just now, takes it from the others, and mends it again.
final class Faults {

    /// Long enough for a lease (5 s) and every session (3 s to 10 s) to be over.
    private static final Duration CUT_FOR = Duration.ofSeconds(12);

    private static final Duration CALLS_LAST = Duration.ofSeconds(12);
    private static final Duration KILLED_FOR = Duration.ofSeconds(6);
    private static final Duration GIVEN_UP_AFTER = Duration.ofSeconds(40);
    private static final int HELD = 12;

    /// Enough for every partition of the agents' events to be met.
    private static final int PROBES = 36;

    private final Machines machines;
    private final KafkaRoles kafka;
    private final List<URI> gateways;

    Faults(Machines machines, KafkaRoles kafka, List<URI> gateways) {
        this.machines = machines;
        this.kafka = kafka;
        this.gateways = gateways;
    }

    /// One fault.
    ///
    /// @param isShort whether it belongs to the short form
    record Fault(String letter, boolean isShort, Injection injection) {}

    /// @see #all()
    @FunctionalInterface
    interface Injection {

        /// Returns when the fault is mended.
        ///
        /// @throws MissedWindow when there was nothing to hit
        Hit into(Round round);
    }

    /// The fault met nobody, so that nothing was proved.
    static final class MissedWindow extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MissedWindow(String why) {
            super(why);
        }
    }

    List<Fault> all() {
        return List.of(
                new Fault("a", true, this::killWorker),
                new Fault("b", false, this::killKafka),
                new Fault("c", false, this::killGateway),
                new Fault("d", true, this::cutWorkerOff),
                new Fault("e1", false, this::muteWorker),
                new Fault("e2", false, this::muteWorkerToKafka),
                new Fault("e3", false, this::muteLeaderToController),
                new Fault("e4", false, this::muteControllerToLeader),
                new Fault("f", true, this::cutKafkaOff));
    }

    private Hit killWorker(Round round) {
        return loseWorker(round, "kill -9 ", Machines::kill, Machines::start);
    }

    private Hit cutWorkerOff(Round round) {
        return loseWorker(round, "cut off ", Machines::cutOff, this::healLater);
    }

    private Hit muteWorker(Round round) {
        return loseWorker(
                round,
                "nobody hears ",
                (all, worker) -> all.cut(worker, Machines.EVERYBODY),
                this::healLater);
    }

    private void healLater(Machines all, String node) {
        pause(CUT_FOR.minus(KILLED_FOR));
        all.heal();
    }

    private Hit loseWorker(
            Round round,
            String how,
            BiConsumer<Machines, String> inflict,
            BiConsumer<Machines, String> mend) {
        Held held = holdOnOneWorker(round);
        Instant struck = Instant.now();
        inflict.accept(machines, held.worker());
        List<Spent> hit = stillCalling(round, held.agents(), struck);
        if (hit.isEmpty()) {
            throw new MissedWindow("no agent was running on " + held.worker());
        }
        Duration goneOn = round.goOn(PROBES, struck);
        Instant last =
                Awaitility.await("another worker to run what ran on " + held.worker())
                        .atMost(GIVEN_UP_AFTER)
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> lastRestart(round, hit), Optional::isPresent)
                        .orElseThrow();
        mend.accept(machines, held.worker());
        return new Hit(
                how + held.worker(),
                hit.size(),
                held.worker(),
                Duration.between(struck, last),
                goneOn);
    }

    /// Agents whose calls last long, on the worker that has most of them.
    private record Held(String worker, List<Spent> agents) {}

    private Held holdOnOneWorker(Round round) {
        Map<String, List<Spent>> byWorker =
                round.hold(HELD, CALLS_LAST).stream().collect(Collectors.groupingBy(round::node));
        return byWorker.entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                .map(most -> new Held(most.getKey(), most.getValue()))
                .orElseThrow();
    }

    private static List<Spent> stillCalling(Round round, List<Spent> agents, Instant then) {
        return agents.stream()
                .filter(agent -> isOpenAt(round.callsOf(agent.task()).getFirst(), then))
                .toList();
    }

    private static boolean isOpenAt(RecordedCall call, Instant then) {
        return call.finishedAt() == null || call.finishedAt().isAfter(then);
    }

    /// When the last of them was run again, once all were.
    private static Optional<Instant> lastRestart(Round round, List<Spent> agents) {
        List<Instant> again =
                agents.stream()
                        .map(agent -> round.callsOf(agent.task()))
                        .filter(calls -> calls.size() > 1)
                        .map(calls -> calls.get(1).startedAt())
                        .toList();
        return again.size() < agents.size()
                ? Optional.empty()
                : again.stream().max(Instant::compareTo);
    }

    /// It keeps its lease in Redis, so its agents are its own: what they bring waits there until Kafka hears it.
    private Hit muteWorkerToKafka(Round round) {
        Held held = holdOnOneWorker(round);
        Instant struck = Instant.now();
        Machines.KAFKA.forEach(kafkaNode -> machines.cut(held.worker(), kafkaNode));
        List<Spent> hit = stillCalling(round, held.agents(), struck);
        if (hit.isEmpty()) {
            throw new MissedWindow("no agent was running on " + held.worker());
        }
        pause(CUT_FOR);
        machines.heal();
        return new Hit("Kafka does not hear " + held.worker(), hit.size(), "", null, null);
    }

    private Hit killKafka(Round round) {
        String node = kafka.leader();
        String what = "kill -9 " + described(node);
        return underLoad(
                round,
                what,
                () -> machines.kill(node),
                () -> {
                    pause(KILLED_FOR);
                    machines.start(node);
                });
    }

    private Hit cutKafkaOff(Round round) {
        String node = kafka.leader();
        return underLoad(
                round,
                "cut off " + described(node),
                () -> machines.cutOff(node),
                () -> {
                    pause(KILLED_FOR);
                    machines.heal();
                });
    }

    private Hit muteLeaderToController(Round round) {
        String controller = kafka.controller();
        return oneWay(round, kafka.leaderBut(controller), controller);
    }

    private Hit muteControllerToLeader(Round round) {
        String controller = kafka.controller();
        return oneWay(round, controller, kafka.leaderBut(controller));
    }

    private Hit oneWay(Round round, String from, String to) {
        return underLoad(
                round,
                "%s does not hear %s".formatted(described(to), described(from)),
                () -> machines.cut(from, to),
                () -> {
                    pause(KILLED_FOR);
                    machines.heal();
                });
    }

    private String described(String node) {
        return node.equals(kafka.controller()) ? node + " (controller)" : node;
    }

    private Hit killGateway(Round round) {
        String owner = owner();
        return underLoad(
                round,
                "kill -9 " + owner + " (owner)",
                () -> machines.kill(owner),
                () -> {
                    pause(KILLED_FOR);
                    machines.start(owner);
                });
    }

    private String owner() {
        for (int each = 0; each < gateways.size(); each++) {
            if (Prometheus.value(gateways.get(each), "j1msky_projection_owner") == 1) {
                return Machines.GATEWAYS.get(each);
            }
        }
        throw new IllegalStateException("no gateway owns the projection");
    }

    private Hit underLoad(Round round, String what, Runnable inflict, Runnable mend) {
        round.hold(HELD, CALLS_LAST);
        long running = round.openCalls();
        if (running == 0) {
            throw new MissedWindow("no agent was running");
        }
        Instant struck = Instant.now();
        inflict.run();
        Duration goneOn = round.goOn(PROBES, struck);
        mend.run();
        return new Hit(what, running, "", null, goneOn);
    }

    private static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }
}
