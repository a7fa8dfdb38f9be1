package ai.j1msky.gateway.spawn;

import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.LogWriter.NotSentException;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.seal.DataKeyEntry;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.request.Deadlines;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;

/// Puts an agent on the log: its data key and its command, sent together, done when both are acknowledged.
///
/// Fails with `LOG_UNAVAILABLE` when certainly nothing was sent, and with `OUTCOME_UNKNOWN` and the agent's id when
/// the acknowledgement stayed away: the record may be there or may still arrive.
public final class SpawnLog {

    private static final Duration PATIENCE = Duration.ofMillis(2_500);
    private static final int RETRY_AFTER = 5;

    private final LogWriter log;
    private final Duration retention;
    private final EntryCodec<DataKeyEntry> dataKeys = new EntryCodec<>(Topics.DATA_KEYS);

    /// @param retention how long agents can be read of whom nothing else was said
    public SpawnLog(LogWriter log, Duration retention) {
        this.log = log;
        this.retention = retention;
    }

    /// @param accepted run when both are acknowledged, however late and whether or not anybody still waits
    Mono<Void> append(SpawnCommand command, WrappedKey key, Runnable accepted) {
        return Mono.fromFuture(() -> send(command, key, accepted))
                .timeout(PATIENCE, Deadlines.CLOCK)
                .onErrorMap(
                        failure ->
                                failure instanceof NotSentException
                                        ? ProblemException.retryAfter(
                                                Problem.LOG_UNAVAILABLE, RETRY_AFTER)
                                        : ProblemException.outcomeUnknown(
                                                command.order().agentId(), RETRY_AFTER))
                .then();
    }

    private CompletableFuture<?> send(SpawnCommand command, WrappedKey key, Runnable accepted) {
        DataKeyEntry entry =
                new DataKeyEntry(
                        command.order().agentId(),
                        command.order().accountId(),
                        key,
                        command.at(),
                        command.order().readableUntil(retention),
                        null);
        CompletableFuture<Position> keySent = log.append(dataKeys, entry);
        if (keySent.isCompletedExceptionally()) {
            return keySent;
        }
        CompletableFuture<Position> commandSent =
                log.append(new EntryCodec<>(Topics.of(command)), command);
        CompletableFuture<Position> both =
                commandSent.thenCombine(keySent, (commandAt, keyAt) -> commandAt);
        CompletableFuture<Void> _ = both.thenRun(accepted);
        // A copy: whoever waits no longer cancels what it waited for.
        return both.copy();
    }
}
