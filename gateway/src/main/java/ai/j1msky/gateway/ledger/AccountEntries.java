package ai.j1msky.gateway.ledger;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.reading.PageReader;
import ai.j1msky.gateway.reading.Stretch;
import ai.j1msky.gateway.reading.TimeSpan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// Which entries of one account are asked for, and where they stand.
///
/// @param agentId only this agent's; null for those of all agents
record AccountEntries(AccountId account, TimeSpan span, @Nullable String agentId)
        implements PageReader.Filter<LedgerEntry> {

    /// Clocks of billing and the broker may differ.
    private static final Duration EARLY = Duration.ofHours(2);

    /// Billing cannot write an entry when the record that caused it is no longer on the log.
    private static final Duration LATE = Topics.LOG_KEPT.plusDays(1);

    static AccountEntries all(AccountId account) {
        return new AccountEntries(account, new TimeSpan(null, null), null);
    }

    Stretch stretch() {
        return span.widened(partition(), EARLY, LATE);
    }

    /// Where Kafka's producers put records with the account as their key.
    private TopicPartition partition() {
        int hash = Utils.toPositive(Utils.murmur2(key()));
        return new TopicPartition(Topics.LEDGER.name(), hash % Topics.LEDGER.partitions());
    }

    @Override
    public boolean mayTake(byte @Nullable [] recordKey) {
        return Arrays.equals(recordKey, key());
    }

    @Override
    public boolean takes(LedgerEntry entry) {
        return entry.accountId().equals(account)
                && span.has(entry.at())
                && (agentId == null || entry.agentId().value().equals(agentId));
    }

    private byte[] key() {
        return account.value().getBytes(StandardCharsets.UTF_8);
    }
}
