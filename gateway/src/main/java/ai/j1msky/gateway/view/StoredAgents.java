package ai.j1msky.gateway.view;

import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.AgentStatus;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.redis.RedisLink;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads all unfinished agents back from their views, when a gateway starts or takes the projection over. Blocks.
public final class StoredAgents {

    private static final int CHUNK = 500;

    private final RedisLink store;

    public StoredAgents(RedisLink store) {
        this.store = store;
    }

    /// One agent. Its ages are told by Redis's clock alone, since the clocks of nodes differ.
    ///
    /// @param command where its newest command stands, or null when only reserved
    /// @param waited since it was first known there
    /// @param ran since its first attempt was first known there; zero before
    public record Stored(
            AgentState state, @Nullable Position command, Duration waited, Duration ran) {}

    /// An agent and the account that it belongs to.
    public record Key(AccountId account, AgentId agent) {}

    public void forEach(BiConsumer<AgentId, Stored> action) {
        long now = now();
        for (String account : ViewWriter.await(store.commands().smembers(RedisKeys.ACCOUNTS))) {
            AccountId id = new AccountId(account);
            for (AgentStatus status : List.of(AgentStatus.SPAWNING, AgentStatus.RUNNING)) {
                List<String> agents =
                        ViewWriter.await(
                                store.commands()
                                        .zrange(RedisKeys.agents(id, status.wireName()), 0, -1));
                List<Key> keys = agents.stream().map(a -> new Key(id, new AgentId(a))).toList();
                for (int from = 0; from < keys.size(); from += CHUNK) {
                    readChunk(keys.subList(from, Math.min(keys.size(), from + CHUNK)), now, action);
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

    /// Reads those that have a view.
    public void read(List<Key> keys, BiConsumer<AgentId, Stored> action) {
        if (keys.isEmpty()) {
            return;
        }
        long now = now();
        for (int from = 0; from < keys.size(); from += CHUNK) {
            readChunk(keys.subList(from, Math.min(keys.size(), from + CHUNK)), now, action);
        }
    }

    /// One agent's view, with its texts sealed; empty when it has none or no task yet.
    public Optional<AgentView> view(Key key) {
        List<KeyValue<String, String>> fields =
                ViewWriter.await(
                        store.commands()
                                .hmget(
                                        RedisKeys.agent(key.account(), key.agent()),
                                        "x",
                                        "v",
                                        "t",
                                        "r",
                                        "dk"));
        if (!fields.get(0).hasValue() || !fields.get(2).hasValue()) {
            return Optional.empty();
        }
        return Optional.of(
                new AgentView(
                        AgentView.status(fields.get(0).getValue()),
                        fields.get(1).getValueOrElse(""),
                        fields.get(2).getValue(),
                        fields.get(3).getValueOrElse(null),
                        fields.get(4).getValueOrElse(null),
                        -1,
                        null,
                        List.of(),
                        null));
    }

    /// The sealed tasks of unfinished agents, in the order asked; empty for one without a view.
    public List<Optional<SealedText>> tasks(List<Key> keys) {
        List<RedisFuture<String>> asked =
                keys.stream()
                        .map(
                                key ->
                                        store.commands()
                                                .hget(
                                                        RedisKeys.agent(key.account(), key.agent()),
                                                        "t"))
                        .toList();
        List<Optional<SealedText>> tasks = new ArrayList<>();
        for (RedisFuture<String> answer : asked) {
            tasks.add(
                    Optional.ofNullable(ViewWriter.await(answer))
                            .filter(task -> !task.startsWith("@"))
                            .map(SealedText::new));
        }
        return tasks;
    }

    /// Redis's clock, in milliseconds.
    private long now() {
        List<String> time = ViewWriter.await(store.commands().time());
        return Long.parseLong(time.getFirst()) * 1000 + Long.parseLong(time.getLast()) / 1000;
    }

    private void readChunk(List<Key> keys, long now, BiConsumer<AgentId, Stored> action) {
        List<RedisFuture<List<KeyValue<String, String>>>> asked = new ArrayList<>();
        for (Key key : keys) {
            asked.add(
                    store.commands()
                            .hmget(
                                    RedisKeys.agent(key.account(), key.agent()),
                                    "s",
                                    "pos",
                                    "at",
                                    "ra"));
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
                action.accept(
                        keys.get(i).agent(),
                        new Stored(
                                state,
                                command,
                                since(fields.get(2), now),
                                since(fields.get(3), now)));
            }
        }
    }

    private static Duration since(KeyValue<String, String> milliseconds, long now) {
        return milliseconds.hasValue()
                ? Duration.ofMillis(Math.max(0, now - Long.parseLong(milliseconds.getValue())))
                : Duration.ZERO;
    }
}
