package ai.j1msky.gateway.node;

import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.node.NodeHealth;
import ai.j1msky.common.registry.FoldedRegistry;
import ai.j1msky.common.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// The nodes that run agents, by what they last reported. A node that says nothing for a while is lost, by this
/// process's monotonic clock, whatever the node's own clock says; after a day it is forgotten. One that stops cleanly
/// deletes its report. Thread-safe.
public final class Nodes implements AutoCloseable {

    /// Three reports.
    static final Duration LOST_AFTER = Duration.ofSeconds(15);

    static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);

    private final FoldedRegistry<NodeHealth> registry;
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final Clock clock;
    private final LongSupplier nanos;

    public Nodes(LogClients clients, Clock clock) {
        this.clock = clock;
        this.nanos = System::nanoTime;
        this.registry =
                new FoldedRegistry<>(new EntryCodec<>(Topics.NODES), clients, this::changed);
    }

    /// A node as it is known here.
    ///
    /// @param lastSeen when its newest report came
    public record Node(NodeHealth health, boolean isLost, Instant lastSeen) {

        /// `up`, `hot`, `draining` or `lost`.
        public String state() {
            return isLost ? "lost" : health.state();
        }
    }

    public void start() {
        registry.start();
    }

    @Override
    public void close() {
        registry.close();
    }

    /// All that are not forgotten, by name.
    public List<Node> all() {
        long now = nanos.getAsLong();
        Instant time = clock.instant();
        return registry.all().stream()
                .map(health -> node(health, now, time))
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(node -> node.health().nodeId().value()))
                .toList();
    }

    /// How many agents they can run at once. One that takes no new work counts with those that it still runs.
    public int slots() {
        return all().stream()
                .filter(node -> !node.isLost())
                .map(Node::health)
                .mapToInt(node -> node.notTaking() == null ? node.slots() : node.slotsUsed())
                .sum();
    }

    private Optional<Node> node(NodeHealth health, long now, Instant time) {
        Long at = seen.get(health.nodeId().value());
        Duration silent = Duration.ofNanos(at == null ? 0 : now - at);
        return silent.compareTo(FORGOTTEN_AFTER) > 0
                ? Optional.empty()
                : Optional.of(
                        new Node(health, silent.compareTo(LOST_AFTER) > 0, time.minus(silent)));
    }

    private void changed(FoldedRegistry.Change<NodeHealth> change) {
        if (change.entry().isEmpty()) {
            seen.remove(change.key());
            return;
        }
        seen.put(
                change.key(),
                seenAt(
                        change.entry().get().at(),
                        registry.isCaughtUp(),
                        nanos.getAsLong(),
                        clock.instant()));
    }

    /// A report that was on the log before this process is as old as it says, since nothing else is known of it; a node
    /// that lives is heard of again within seconds.
    static long seenAt(Instant reported, boolean isLive, long now, Instant time) {
        Duration age = Duration.between(reported, time);
        if (isLive || age.isNegative()) {
            return now;
        }
        Duration bounded = age.compareTo(Duration.ofDays(365)) > 0 ? Duration.ofDays(365) : age;
        return now - bounded.toNanos();
    }
}
