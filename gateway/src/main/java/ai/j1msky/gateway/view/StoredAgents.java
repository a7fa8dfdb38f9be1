package ai.j1msky.gateway.view;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.AgentStatus;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.view.RedisKeys;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads all unfinished agents back from their views, when a gateway starts or takes the projection over. Blocks.
public final class StoredAgents {

    private static final int CHUNK = 500;

    private final ViewStore store;

    public StoredAgents(ViewStore store) {
        this.store = store;
    }

    /// One unfinished agent.
    ///
    /// @param command where its newest command stands, or null when only reserved
    public record Stored(AgentState state, @Nullable Position command) {}

    public void forEach(BiConsumer<AgentId, Stored> action) {
        for (String account : ViewWriter.await(store.commands().smembers(RedisKeys.ACCOUNTS))) {
            AccountId id = new AccountId(account);
            for (AgentStatus status : List.of(AgentStatus.SPAWNING, AgentStatus.RUNNING)) {
                List<String> agents =
                        ViewWriter.await(
                                store.commands()
                                        .zrange(RedisKeys.agents(id, status.wireName()), 0, -1));
                List<Key> keys = agents.stream().map(a -> new Key(id, new AgentId(a))).toList();
                for (int from = 0; from < keys.size(); from += CHUNK) {
                    readChunk(keys.subList(from, Math.min(keys.size(), from + CHUNK)), action);
                }
            }
        }
    }

    /// Whether each of the workers renewed its lease lately, in the order asked.
    public List<Boolean> alive(Stream<String> leaseKeys) {
        List<RedisFuture<Long>> asked = leaseKeys.map(key -> store.commands().exists(key)).toList();
        List<Boolean> alive = new ArrayList<>();
        for (RedisFuture<Long> answer : asked) {
            alive.add(ViewWriter.await(answer) == 1);
        }
        return alive;
    }

    /// Reads the agents of these orders that have a view.
    public void read(List<AgentOrder> orders, BiConsumer<AgentId, Stored> action) {
        List<Key> keys = orders.stream().map(o -> new Key(o.accountId(), o.agentId())).toList();
        for (int from = 0; from < keys.size(); from += CHUNK) {
            readChunk(keys.subList(from, Math.min(keys.size(), from + CHUNK)), action);
        }
    }

    private record Key(AccountId account, AgentId agent) {}

    private void readChunk(List<Key> keys, BiConsumer<AgentId, Stored> action) {
        List<RedisFuture<List<KeyValue<String, String>>>> asked = new ArrayList<>();
        for (Key key : keys) {
            asked.add(
                    store.commands()
                            .hmget(RedisKeys.agent(key.account(), key.agent()), "s", "pos"));
        }
        for (int i = 0; i < keys.size(); i++) {
            List<KeyValue<String, String>> fields = ViewWriter.await(asked.get(i));
            if (fields.getFirst().hasValue()) {
                AgentState state =
                        WireJson.MAPPER.readValue(fields.getFirst().getValue(), AgentState.class);
                Position command =
                        fields.get(1).hasValue() && !fields.get(1).getValue().isEmpty()
                                ? Position.parse(fields.get(1).getValue())
                                : null;
                action.accept(keys.get(i).agent(), new Stored(state, command));
            }
        }
    }
}
