package ai.j1msky.common.registry;

import ai.j1msky.common.id.NodeId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.node.NodeDrain;
import ai.j1msky.common.topic.Topics;
import java.util.concurrent.CompletableFuture;

/// Which nodes are to take no new work, folded in memory from their topic. Thread-safe.
public final class Drains implements AutoCloseable {

    private final FoldedRegistry<NodeDrain> registry;

    /// @param onChange called when something may have changed, on the registry's thread; must not block
    public Drains(LogClients clients, Runnable onChange) {
        this.registry =
                new FoldedRegistry<>(
                        new EntryCodec<>(Topics.NODE_DRAINS), clients, changed -> onChange.run());
    }

    public void start() {
        registry.start();
    }

    /// Whether all that was said before the start is known.
    public boolean isReady() {
        return registry.isCaughtUp();
    }

    public boolean isDrained(NodeId node) {
        return registry.find(node.value()).isPresent();
    }

    /// Completes when the record at that position has been read.
    public CompletableFuture<Void> reached(Position position) {
        return registry.reached(position);
    }

    @Override
    public void close() {
        registry.close();
    }
}
