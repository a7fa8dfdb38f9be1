package ai.j1msky.gateway.ledger;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.reading.StretchReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Reads all of an account's ledger and adds it up. Blocking.
final class LedgerReplay {

    private final LogClients clients;
    private final EntryCodec<LedgerEntry> codec = new EntryCodec<>(Topics.LEDGER);

    LedgerReplay(LogClients clients) {
        this.clients = clients;
    }

    /// @param deadline when to give up, as [System#nanoTime] tells the time
    /// @throws org.apache.kafka.common.KafkaException when the log cannot be read
    Reconciliation.Result of(AccountId account, long deadline) {
        AccountEntries wanted = AccountEntries.all(account);
        Reconciliation sums = new Reconciliation();
        try (StretchReader reader =
                StretchReader.open(clients.reader("ledger-replay"), wanted.stretch(), deadline)) {
            while (!reader.isAtEnd()) {
                for (ConsumerRecord<byte[], byte[]> record : reader.next()) {
                    if (wanted.mayTake(record.key())) {
                        add(record, sums);
                    }
                }
            }
        }
        return sums.finish();
    }

    private void add(ConsumerRecord<byte[], byte[]> record, Reconciliation sums) {
        if (codec.read(record) instanceof ReadResult.Entry<LedgerEntry>(LedgerEntry entry)) {
            sums.add(entry);
        } else {
            sums.unreadable();
        }
    }
}
