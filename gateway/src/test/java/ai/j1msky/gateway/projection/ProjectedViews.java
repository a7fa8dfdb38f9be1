package ai.j1msky.gateway.projection;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.ledger.UsageTotal;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.TestAgent;
import ai.j1msky.gateway.TestRedis;
import ai.j1msky.gateway.limit.Limiter;
import ai.j1msky.gateway.share.AccountShares;
import ai.j1msky.gateway.view.ViewWriter;
import ai.j1msky.gateway.view.ViewWriter.Progress;
import ai.j1msky.gateway.view.ViewWriter.Written;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Writes views as the projection does, from records that a test names instead of a log.
final class ProjectedViews {

    static final Duration RETENTION = Duration.ofDays(30);

    private final LiveAgents agents = new LiveAgents(new AccountShares(() -> 0));
    private final ViewRows rows;
    private final ViewWriter writer;
    private long offset;

    ProjectedViews(TestRedis redis) {
        this(redis, 100);
    }

    /// @param offset of the next command, on the queue of normal priority
    ProjectedViews(TestRedis redis, long offset) {
        this.offset = offset;
        rows = rows(redis);
        writer = new ViewWriter(redis.store(), "test");
        writer.becomeOwner();
    }

    static ViewRows rows(TestRedis redis) {
        AgencyConfig config = AgencyConfig.standard(Map.of());
        return new ViewRows(RETENTION, new SpawnTokens(new Limiter(config, redis.store())));
    }

    /// Folds one agent's records together, as if one poll had brought them, and writes what comes out.
    Written write(TestAgent agent, LogEntry... entries) {
        return write(List.of(), agent, entries);
    }

    Written write(List<Progress> progress, TestAgent agent, LogEntry... entries) {
        Batch batch = new Batch();
        for (LogEntry entry : entries) {
            switch (entry) {
                case SpawnCommand command -> {
                    Position position = new Position(Topics.SPAWN_NORMAL.name(), 0, offset++);
                    batch.add(
                            agent.id(),
                            agent.account(),
                            agents.apply(command, position, 1),
                            command.task().value(),
                            null);
                }
                case AgentEvent event ->
                        batch.add(
                                agent.id(),
                                agent.account(),
                                agents.apply(event, 1),
                                null,
                                event instanceof AgentEvent.AgentCompleted completed
                                        ? completed.result().value()
                                        : null);
                case UsageTotal total -> batch.add(total);
                case DataKeyEntry key -> batch.dataKeys().add(Batch.KeyChange.of(key));
                default -> throw new IllegalArgumentException(entry.toString());
            }
        }
        return writer.write(
                rows.agents(batch, TestAgent.now(), false),
                ViewRows.dataKeys(batch),
                ViewRows.figures(batch),
                progress,
                true);
    }

    /// As when the agent's data are deleted.
    void deleteData(TestAgent agent) {
        Batch batch = new Batch();
        batch.dataKeys()
                .add(
                        new Batch.KeyChange(
                                agent.account(), agent.id(), null, false, TestAgent.now()));
        writer.write(List.of(), ViewRows.dataKeys(batch), List.of(), List.of(), true);
    }

    /// Takes over what Redis has of an agent that is only reserved, as before an event that is read before its command.
    void know(TestAgent agent) {
        agents.addMissing(
                agent.id(), LiveAgent.UNKNOWN.with(AgentState.ordered(agent.order(), 1), null, 1));
    }

    /// Where the next command will stand on its queue.
    long nextOffset() {
        return offset;
    }

    /// Forgets what memory knows, as a gateway that starts anew.
    void forget(TestAgent agent) {
        agents.drop(agent.id());
    }

    /// Sets the watermark of one partition, so that the sum is that much.
    Written mark(long next) {
        return progress(true, new Progress("a:0", null, next));
    }

    Written progress(boolean complete, Progress... progress) {
        return writer.write(List.of(), List.of(), List.of(), List.of(progress), complete);
    }
}
