package ai.j1msky.gateway.download;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.InterruptException;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/// Bounds the downloads that are under way: all together, and those of one account. Nobody waits for a slot: who finds
/// none is told to come again.
public final class DownloadSlots {

    private static final int RETRY_AFTER = 5;

    private final int most;
    private final int mostOfOne;
    private final Map<AccountId, Integer> taken = new HashMap<>();

    /// @param most at once
    /// @param mostOfOne at once of one account
    public DownloadSlots(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /// The pieces of a file, made when they are asked for, off the event loop, while a slot is held. Fails with
    /// [Problem#DOWNLOADS_FULL], or as the source does.
    public Flux<byte[]> pieces(AccountId account, Callable<? extends PieceSource> open) {
        return Flux.using(
                () -> take(account),
                (AccountId _) ->
                        Flux.<byte[], PieceSource>generate(
                                        open::call, DownloadSlots::next, DownloadSlots::closeLater)
                                .subscribeOn(Schedulers.boundedElastic()),
                this::giveBack);
    }

    private static PieceSource next(PieceSource file, SynchronousSink<byte[]> sink) {
        try {
            Optional<byte[]> piece = file.next();
            if (piece.isPresent()) {
                sink.next(piece.get());
            } else {
                sink.complete();
            }
        } catch (InterruptException left) {
            // The client has gone, and so has everybody who would hear of it.
            sink.complete();
        }
        return file;
    }

    /// Whoever hangs up does so on an event loop.
    private static void closeLater(PieceSource file) {
        Disposable _ = Schedulers.boundedElastic().schedule(file::close);
    }

    /// @return the account, to give the slot back
    synchronized AccountId take(AccountId account) {
        int all = taken.values().stream().mapToInt(Integer::intValue).sum();
        if (all >= most || taken.getOrDefault(account, 0) >= mostOfOne) {
            throw ProblemException.retryAfter(Problem.DOWNLOADS_FULL, RETRY_AFTER);
        }
        taken.merge(account, 1, Integer::sum);
        return account;
    }

    synchronized void giveBack(AccountId account) {
        taken.computeIfPresent(account, (_, count) -> count == 1 ? null : count - 1);
    }
}
