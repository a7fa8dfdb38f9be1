package ai.j1msky.gateway.view;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentResult;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.log.RecordReader;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.seal.DataKey;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Opens the texts of views. Those too large for a view are read from the log first, off the event loop.
public final class TextReader {

    private static final char ON_THE_LOG = '@';
    private static final int RETRY_AFTER = 2;

    private final MasterKey master;
    private final RecordReader records;
    private final EntryCodec<SpawnCommand> commands =
            new EntryCodec<>(Topics.spawn(Priority.NORMAL));
    private final EntryCodec<AgentEvent> events = new EntryCodec<>(Topics.AGENT_EVENTS);

    public TextReader(MasterKey master, RecordReader records) {
        this.master = master;
        this.records = records;
    }

    /// What a view's texts say.
    ///
    /// @param task null when the data key was deleted
    /// @param result null while there is none, or when the data key was deleted
    public record Texts(@Nullable String task, @Nullable AgentResult result) {}

    public Mono<Texts> open(AgentId agent, AgentView view) {
        String dataKey = view.dataKey();
        if (dataKey == null) {
            return Mono.just(new Texts(null, null));
        }
        boolean onTheLog =
                isOnTheLog(view.task()) || (view.result() != null && isOnTheLog(view.result()));
        return onTheLog
                ? Mono.defer(() -> fromLog(agent, view, dataKey))
                : Mono.fromCallable(() -> read(agent, view, dataKey, 0));
    }

    /// The same, blocking.
    ///
    /// @throws KafkaException when the log does not answer in time
    public Texts read(AgentId agent, AgentView view) {
        String dataKey = view.dataKey();
        return dataKey == null
                ? new Texts(null, null)
                : read(
                        agent,
                        view,
                        dataKey,
                        System.nanoTime() + RecordReader.LONGEST_READ.toNanos());
    }

    private Mono<Texts> fromLog(AgentId agent, AgentView view, String dataKey) {
        // Set here and not where the read begins: many readers also wait for a thread.
        long deadline = System.nanoTime() + RecordReader.LONGEST_READ.toNanos();
        return Mono.fromCallable(() -> read(agent, view, dataKey, deadline))
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorMap(
                        KafkaException.class,
                        away ->
                                ProblemException.retryAfter(
                                        Problem.TEXTS_UNAVAILABLE, RETRY_AFTER));
    }

    private Texts read(AgentId agent, AgentView view, String wrapped, long deadline) {
        DataKey key = master.unwrap(new WrappedKey(wrapped), agent);
        String task =
                sealedTask(view.task(), deadline)
                        .map(text -> key.open(agent, SpawnCommand.TASK_FIELD, text))
                        .orElse(null);
        AgentResult result =
                view.result() == null
                        ? null
                        : sealedResult(view.result(), deadline)
                                .map(text -> key.open(agent, AgentEvent.RESULT_FIELD, text))
                                .map(json -> WireJson.MAPPER.readValue(json, AgentResult.class))
                                .orElse(null);
        return new Texts(task, result);
    }

    private Optional<SealedText> sealedTask(String field, long deadline) {
        return isOnTheLog(field)
                ? records.read(commands, position(field), deadline).map(SpawnCommand::task)
                : Optional.of(new SealedText(field));
    }

    private Optional<SealedText> sealedResult(String field, long deadline) {
        return isOnTheLog(field)
                ? records.read(events, position(field), deadline).flatMap(TextReader::resultOf)
                : Optional.of(new SealedText(field));
    }

    private static Optional<SealedText> resultOf(AgentEvent event) {
        return switch (event) {
            case AgentEvent.AgentCompleted completed -> Optional.of(completed.result());
            case AgentEvent.TeamCompleted merged -> Optional.of(merged.result());
            default -> Optional.empty();
        };
    }

    private static boolean isOnTheLog(String field) {
        return field.charAt(0) == ON_THE_LOG;
    }

    private static Position position(String field) {
        return Position.parse(field.substring(1));
    }
}
