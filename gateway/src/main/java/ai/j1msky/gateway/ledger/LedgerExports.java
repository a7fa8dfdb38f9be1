package ai.j1msky.gateway.ledger;

import ai.j1msky.common.log.LogClients;
import ai.j1msky.gateway.download.DownloadSlots;
import ai.j1msky.gateway.reading.StretchReader;
import java.time.Duration;
import reactor.core.publisher.Flux;

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

    /// The pieces of a file: see [DownloadSlots#pieces].
    Flux<byte[]> pieces(AccountEntries wanted, ExportFormat format) {
        return slots.pieces(wanted.account(), () -> open(wanted, format));
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
}
