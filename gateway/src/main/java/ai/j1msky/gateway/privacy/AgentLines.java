package ai.j1msky.gateway.privacy;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.seal.UnreadableException;
import ai.j1msky.gateway.agent.AgentJson;
import ai.j1msky.gateway.privacy.Archive.Line;
import ai.j1msky.gateway.view.AgentView;
import ai.j1msky.gateway.view.StoredAgents;
import ai.j1msky.gateway.view.TextReader;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// A part of all agents of an account that have their data, one at a time: a file for each partition of data keys.
final class AgentLines implements Part {

    private final DataKeyLog.Reader keys;
    private final StoredAgents agents;
    private final TextReader texts;
    private final AccountId account;
    private final Deque<TopicPartition> partitions = new ArrayDeque<>(DataKeyLog.partitions());
    private final Deque<AgentId> left = new ArrayDeque<>();
    private String file = "";

    /// @param keys its own from now on
    AgentLines(DataKeyLog.Reader keys, StoredAgents agents, TextReader texts, AccountId account) {
        this.keys = keys;
        this.agents = agents;
        this.texts = texts;
        this.account = account;
    }

    /// How many those are.
    static int count(DataKeyLog.Reader keys, AccountId account) {
        return DataKeyLog.partitions().stream()
                .mapToInt(
                        partition ->
                                keys.standing(partition, entry -> entry.accountId().equals(account))
                                        .size())
                .sum();
    }

    @Override
    public @Nullable List<Line> next() {
        if (left.isEmpty()) {
            if (partitions.isEmpty()) {
                return null;
            }
            TopicPartition partition = partitions.remove();
            file = "agents-%02d.jsonl".formatted(partition.partition() + 1);
            keys.standing(partition, entry -> entry.accountId().equals(account)).stream()
                    .sorted(Comparator.comparing(DataKeyEntry::at))
                    .map(DataKeyEntry::agentId)
                    .forEach(left::add);
            return List.of();
        }
        AgentId agent = left.remove();
        return agents.view(new StoredAgents.Key(account, agent)).stream()
                .map(view -> new Line(file, AgentJson.full(view, texts(agent, view))))
                .toList();
    }

    /// One that cannot be opened must not end the whole.
    private TextReader.Texts texts(AgentId agent, AgentView view) {
        try {
            return texts.read(agent, view);
        } catch (UnreadableException lost) {
            return new TextReader.Texts(null, null);
        }
    }

    @Override
    public void close() {
        keys.close();
    }
}
