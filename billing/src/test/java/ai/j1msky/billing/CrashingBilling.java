package ai.j1msky.billing;

import ai.j1msky.common.agent.AgentLog;
import ai.j1msky.common.ledger.ExpectedMoney;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.LedgerKind;
import ai.j1msky.common.ledger.LedgerSums;
import ai.j1msky.common.log.LogEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;

/// Billing's way through one agent's log, in memory: two partitions read in any order relative to each other, commits now
/// and then, crashes at any moment, and at the end everything on the log once more.
final class CrashingBilling {

    private static final TopicPartition[] PARTITIONS = {
        new TopicPartition("commands", 0), new TopicPartition("events", 0)
    };
    private static final Instant AT = Instant.parse("2026-11-23T12:00:00Z");
    private static final int ONE_IN = 4;

    private final AgentLog log;
    private final Restart restart;
    private final Random random;
    private final List<List<LogEntry>> records = List.of(new ArrayList<>(), new ArrayList<>());
    private final List<LedgerEntry> ledger = new ArrayList<>();
    private final List<LedgerEntry> pending = new ArrayList<>();
    private final int[] committed = new int[2];
    private final int[] firstOpen = new int[2];
    private int[] next = new int[2];
    private Books books = new Books(Instant.EPOCH);

    CrashingBilling(AgentLog log, Restart restart) {
        this.log = log;
        this.restart = restart;
        this.random = new Random(log.seed());
        log.commands().forEach(command -> records.get(0).add(ExpectedMoney.held(command)));
        records.get(1).addAll(log.events());
    }

    /// What is wrong with the ledger, or empty.
    Optional<String> mistake() {
        readAll();
        if (log.causal()) {
            // Only such a log may be read again without harm.
            records.forEach(partition -> partition.addAll(List.copyOf(partition)));
            readAll();
        }
        Map<LedgerKind, Long> moved = new EnumMap<>(LedgerKind.class);
        LedgerSums sums = LedgerSums.NONE;
        for (LedgerEntry entry : ledger) {
            sums = sums.plus(entry.kind(), entry.amount());
            if (moved.put(entry.kind(), entry.amount().micros()) != null) {
                return Optional.of(entry.kind() + " twice" + seed());
            }
        }
        Map<LedgerKind, Long> expected = ExpectedMoney.of(log);
        if (!moved.equals(expected)) {
            return Optional.of(moved + " instead of " + expected + seed());
        }
        return sums.open().equals(books.held())
                ? Optional.empty()
                : Optional.of("open is " + books.held() + seed());
    }

    private void readAll() {
        while (next[0] < records.get(0).size() || next[1] < records.get(1).size()) {
            int partition = random.nextInt(2);
            if (next[partition] < records.get(partition).size()) {
                pending.addAll(read(books, partition, next[partition]++));
            }
            if (random.nextInt(ONE_IN) == 0) {
                commit();
            }
            if (random.nextInt(ONE_IN) == 0) {
                crash();
            }
        }
        commit();
    }

    private List<LedgerEntry> read(Books into, int partition, int offset) {
        LogEntry record = records.get(partition).get(offset);
        return into.read(record, PARTITIONS[partition], offset, AT);
    }

    private void commit() {
        boolean half = random.nextInt(ONE_IN) == 0;
        if (half && restart == Restart.WRITES_BEFORE_IT_COMMITS) {
            ledger.addAll(pending);
            crash();
            return;
        }
        for (int partition = 0; partition < 2; partition++) {
            committed[partition] = next[partition];
            long first =
                    books.firstOpen().getOrDefault(PARTITIONS[partition], (long) next[partition]);
            firstOpen[partition] = (int) first;
        }
        if (half && restart == Restart.COMMITS_BEFORE_IT_WRITES) {
            crash();
            return;
        }
        ledger.addAll(pending);
        pending.clear();
    }

    private void crash() {
        pending.clear();
        next = committed.clone();
        books = new Books(Instant.EPOCH);
        if (restart != Restart.FORGETS_WHO_WAS_SETTLED) {
            ledger.forEach(books::remember);
        }
        if (restart != Restart.FORGETS_WHO_IS_OPEN) {
            replay();
        }
    }

    private void replay() {
        int[] at = firstOpen.clone();
        while (at[0] < committed[0] || at[1] < committed[1]) {
            int partition = random.nextInt(2);
            if (at[partition] < committed[partition]) {
                List<LedgerEntry> moved = read(books, partition, at[partition]++);
                if (restart == Restart.WRITES_THE_REPLAY) {
                    pending.addAll(moved);
                }
            }
        }
    }

    private String seed() {
        return " (seed " + log.seed() + ", causal " + log.causal() + ")";
    }
}
