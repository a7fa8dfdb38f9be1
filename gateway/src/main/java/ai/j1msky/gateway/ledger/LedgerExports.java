package ai.j1msky.gateway.ledger;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.gateway.reading.StretchReader;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.errors.InterruptException;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/// Writes entries into files, a few at a time.
final class LedgerExports {

    private static final int AT_ONCE = 8;
    private static final int OF_ONE_ACCOUNT = 2;
    private static final int PIECE = 100;
    private static final int PIECE_BYTES = 128 * 1024;

    /// A client that takes longer is cut off, however little is left.
    private static final Duration LONGEST = Duration.ofMinutes(30);

    private final LogClients clients;
    private final DownloadSlots slots = new DownloadSlots(AT_ONCE, OF_ONE_ACCOUNT);

    LedgerExports(LogClients clients) {
        this.clients = clients;
    }

    /// The pieces of a file, read when they are asked for. Fails with
    /// [ai.j1msky.gateway.problem.Problem#DOWNLOADS_FULL], or with a [org.apache.kafka.common.KafkaException].
    Flux<byte[]> pieces(AccountEntries wanted, ExportFormat format) {
        return Flux.using(
                () -> slots.take(wanted.account()),
                (AccountId _) -> reading(wanted, format),
                slots::giveBack);
    }

    private Flux<byte[]> reading(AccountEntries wanted, ExportFormat format) {
        return Flux.generate(
                        () -> open(wanted, format), LedgerExports::next, LedgerExports::closeLater)
                .subscribeOn(Schedulers.boundedElastic());
    }

    private LedgerFile open(AccountEntries wanted, ExportFormat format) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        StretchReader reader =
                StretchReader.open(
                        clients.seeker("ledger-export", PIECE, PIECE_BYTES),
                        wanted.stretch(),
                        deadline);
        return new LedgerFile(reader, wanted, format);
    }

    private static LedgerFile next(LedgerFile file, SynchronousSink<byte[]> sink) {
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
    private static void closeLater(LedgerFile file) {
        Disposable _ = Schedulers.boundedElastic().schedule(file::close);
    }
}
