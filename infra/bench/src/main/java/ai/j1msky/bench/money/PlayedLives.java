package ai.j1msky.bench.money;

import ai.j1msky.bench.measure.RecordFeed;
import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentEvent.AgentCompleted;
import ai.j1msky.common.agent.AgentEvent.AttemptStarted;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.id.NodeId;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.seal.DataKey;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.topic.Topics;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Plays agents that cost money: of one account, ten keys and four models, each with a short task and a short result.
final class PlayedLives {

    /// A hold, a charge, and the rest that is released.
    static final int ENTRIES = 3;

    private static final int KEYS = 10;
    private static final int MODELS = 4;
    private static final Money HOLD = Money.micros(12_000);
    private static final Money COST = Money.micros(1_002);
    private static final Price PRICE = new Price(600_000, 3_000_000);
    private static final Usage USAGE = new Usage(120, 310);

    private final RecordFeed feed;
    private final EntryCodec<SpawnCommand> commands =
            new EntryCodec<>(Topics.spawn(Priority.NORMAL));
    private final EntryCodec<AgentEvent> events = new EntryCodec<>(Topics.AGENT_EVENTS);
    private final SecureRandom random = new SecureRandom();
    private final WorkerId worker = WorkerId.mint(new NodeId("bench"), random);

    // Nobody here can read them, so one of each will do.
    private final SealedText task;
    private final SealedText result;

    PlayedLives(RecordFeed feed) {
        this.feed = feed;
        AgentId any = AgentId.mint(Instant.now(), random);
        DataKey key = DataKey.mint();
        this.task = key.seal(any, SpawnCommand.TASK_FIELD, "Summarise this text. ".repeat(4));
        this.result = key.seal(any, AgentEvent.RESULT_FIELD, "It says little. ".repeat(8));
    }

    /// So many, from command to completion.
    void complete(int number) {
        for (int i = 0; i < number; i++) {
            AgentOrder order = start(i);
            feed.send(
                    events,
                    new AgentCompleted(
                            order.agentId(),
                            order.accountId(),
                            1,
                            worker,
                            USAGE,
                            Metering.REPORTED,
                            COST,
                            false,
                            result,
                            null,
                            order.created()));
        }
        feed.flush();
    }

    /// So many that have started and do not end.
    void leaveOpen(int number) {
        for (int i = 0; i < number; i++) {
            AgentOrder _ = start(i);
        }
        feed.flush();
    }

    private AgentOrder start(int i) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        AgentOrder order =
                new AgentOrder(
                        AgentId.mint(now, random),
                        AccountId.MAIN,
                        new KeyId("key_bench" + i % KEYS),
                        true,
                        "model" + i % MODELS,
                        Priority.NORMAL,
                        60,
                        HOLD,
                        PRICE,
                        now,
                        null);
        feed.send(commands, new SpawnCommand(order, 1, task));
        feed.send(
                events,
                new AttemptStarted(
                        order.agentId(),
                        order.accountId(),
                        1,
                        worker,
                        order.model(),
                        "provider" + i % 2,
                        null,
                        now));
        return order;
    }
}
