package ai.j1msky.gateway.projection;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.share.AccountShares;
import ai.j1msky.gateway.view.StoredAgents;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts agents that wait for their account's turn into their queues, in the gateway that owns the projection. It writes
/// the same command again, now for the first attempt; one too many changes nothing. The sealed tasks come from the views,
/// which have them whole while an agent is unfinished.
public final class HandOver implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HandOver.class);
    private static final int AT_ONCE = 64;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final LiveAgents agents;
    private final AccountShares shares;
    private final Projection projection;
    private final StoredAgents redis;
    private final LogWriter writer;
    private final Thread thread =
            Thread.ofPlatform().name("hand-over").daemon().unstarted(this::run);

    public HandOver(
            LiveAgents agents,
            AccountShares shares,
            Projection projection,
            StoredAgents redis,
            LogWriter writer) {
        this.agents = agents;
        this.shares = shares;
        this.projection = projection;
        this.redis = redis;
        this.writer = writer;
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (!projection.isOwner() || !isSent(shares.awaitDue(AT_ONCE, LOOK_AGAIN))) {
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException stopped) {
            log.atDebug().log("hand-over stopped");
        }
    }

    /// Whether all of them are on their way; those that are not are due again.
    private boolean isSent(List<AgentId> due) {
        List<AgentId> left = new ArrayList<>(due);
        try {
            List<AgentOrder> orders = due.stream().flatMap(id -> waiting(id).stream()).toList();
            List<Optional<SealedText>> tasks =
                    redis.tasks(
                            orders.stream()
                                    .map(o -> new StoredAgents.Key(o.accountId(), o.agentId()))
                                    .toList());
            for (int i = 0; i < orders.size(); i++) {
                AgentOrder order = orders.get(i);
                if (tasks.get(i).isPresent()) {
                    send(new SpawnCommand(order, 1, tasks.get(i).get()));
                    left.remove(order.agentId());
                }
            }
        } catch (RedisException | KafkaException away) {
            log.atDebug().addKeyValue("cause", away.toString()).log("hand-over waits");
        } catch (RuntimeException failure) {
            log.atError().addKeyValue("cause", failure.toString()).log("agents not handed over");
        }
        shares.putBack(left);
        return left.isEmpty();
    }

    private Optional<AgentOrder> waiting(AgentId id) {
        return agents.findActive(id).filter(AgentState::awaitsTurn).map(AgentState::order);
    }

    private void send(SpawnCommand command) {
        CompletableFuture<Position> sent =
                writer.append(new EntryCodec<>(Topics.of(command)), command);
        CompletableFuture<Position> _ =
                sent.whenComplete(
                        (_, failure) -> {
                            if (failure != null) {
                                shares.putBack(List.of(command.order().agentId()));
                            }
                        });
    }
}
