package ai.j1msky.gateway.ledger;

import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.download.PieceSource;
import ai.j1msky.gateway.reading.StretchReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Entries as a file that is read piece by piece, the oldest entry first. Blocking; for one thread at a time.
final class LedgerFile implements PieceSource {

    private final StretchReader reader;
    private final AccountEntries wanted;
    private final ExportFormat format;
    private final EntryCodec<LedgerEntry> codec = new EntryCodec<>(Topics.LEDGER);
    private boolean isBegun;
    private boolean isWritten;

    /// @param reader its own from now on
    LedgerFile(StretchReader reader, AccountEntries wanted, ExportFormat format) {
        this.reader = reader;
        this.wanted = wanted;
        this.format = format;
    }

    @Override
    public Optional<byte[]> next() {
        StringBuilder piece = new StringBuilder();
        while (piece.isEmpty() && !isWritten) {
            if (reader.isAtEnd()) {
                begin(piece);
                piece.append(format.tail());
                isWritten = true;
            } else {
                reader.next().forEach(record -> append(record, piece));
            }
        }
        return piece.isEmpty()
                ? Optional.empty()
                : Optional.of(piece.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void append(ConsumerRecord<byte[], byte[]> record, StringBuilder piece) {
        if (wanted.mayTake(record.key())
                && codec.read(record) instanceof ReadResult.Entry<LedgerEntry>(LedgerEntry entry)
                && wanted.takes(entry)) {
            boolean isFirst = !isBegun;
            begin(piece);
            piece.append(format.entry(entry, isFirst));
        }
    }

    private void begin(StringBuilder piece) {
        if (!isBegun) {
            piece.append(format.head());
            isBegun = true;
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
