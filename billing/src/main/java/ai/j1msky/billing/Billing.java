package ai.j1msky.billing;

import static org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation.LEAVE_GROUP;

import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.OneOwnerAssignor;
import ai.j1msky.common.log.Topic;
import ai.j1msky.common.registry.Budgets;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads commands and events and writes the ledger and its sums: what one batch of records moves, and how far it was
/// read, in one transaction. So each movement is on the ledger once, wherever this is killed.
///
/// One billing of a group works, the others wait. The one that was taken for dead and is not cannot commit any more: the
/// broker knows its generation. After any failure everything is thrown away and made again from the log.
public final class Billing implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Billing.class);
    private static final String GROUP = "j1msky.billing";
    private static final Duration POLL = Duration.ofMillis(200);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// A step that Kafka does not answer is left behind at the end; what it was to write is read again.
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(12);

    private static final Duration AGAIN = Duration.ofMillis(500);

    private final LogClients clients;
    private final String node;
    private final BillingMetrics metrics;
    private final Map<String, EntryCodec<? extends LogEntry>> sources = new HashMap<>();
    private final Budgets budgets;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;
    private volatile @Nullable Consumer<byte[], byte[]> polling;
    private volatile boolean following;

    /// @param node the name of this process, the same after a restart
    /// @param standard the budget of accounts that none was set for
    public Billing(LogClients clients, String node, BudgetTerms standard, BillingMetrics metrics) {
        this.clients = clients;
        this.budgets = new Budgets(clients, standard);
        this.node = node;
        this.metrics = metrics;
        Topics.SPAWNS.forEach(this::source);
        source(Topics.AGENT_EVENTS);
        this.thread = Thread.ofPlatform().name("billing").unstarted(this::run);
    }

    private void source(Topic<? extends LogEntry> topic) {
        sources.put(topic.name(), new EntryCodec<>(topic));
    }

    public void start() {
        budgets.start();
        thread.start();
    }

    /// Whether it is in the group and knows its part there: it works, or waits for the one that does to go.
    public boolean isFollowing() {
        return following;
    }

    private void run() {
        while (!stopped.get()) {
            try {
                session();
            } catch (WakeupException told) {
                // By close(), before there was anything to finish.
            } catch (RuntimeException failure) {
                log.atWarn()
                        .addKeyValue("cause", failure.getClass().getName())
                        .log("billing begins again");
                metrics.restarted();
                pause();
            }
        }
    }

    /// From joining the group until something fails.
    private void session() {
        if (!budgets.awaitReady(PATIENCE)) {
            throw new TimeoutException("the budgets were not read in time");
        }
        try (Consumer<byte[], byte[]> consumer =
                        clients.member(GROUP, node, OneOwnerAssignor.class);
                Producer<byte[], byte[]> producer =
                        clients.transactional("j1msky.billing." + node, PATIENCE)) {
            polling = consumer;
            producer.initTransactions();
            Ownership ownership = new Ownership(consumer);
            consumer.subscribe(sources.keySet(), ownership);
            try {
                while (!stopped.get()) {
                    Work work = ownership.readOn(ownership.gathers() ? Work.GATHER : POLL);
                    if (work != null) {
                        work.commitIfDue(producer);
                        work.lookIfDue();
                    }
                }
            } catch (WakeupException told) {
                // By close(): what has come until now is written first.
            }
            Work last = ownership.work == null ? null : ownership.readOn(Duration.ZERO);
            if (last != null) {
                last.commit(producer);
            }
            // So that another takes over at once.
            consumer.close(CloseOptions.groupMembershipOperation(LEAVE_GROUP));
        } finally {
            polling = null;
            following = false;
            metrics.standby();
        }
    }

    /// Whether this billing is the one that works.
    private final class Ownership implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> consumer;
        private @Nullable Work work;

        Ownership(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        boolean gathers() {
            return work != null && work.hasMovements();
        }

        /// Reads what comes within that time.
        ///
        /// @return null while another billing works
        @Nullable Work readOn(Duration time) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(time);
            if (work != null) {
                work.read(records);
            }
            return work;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                Map<TopicPartition, OffsetAndMetadata> committed =
                        consumer.committed(new HashSet<>(partitions));
                Rebuilt rebuilt =
                        new Rebuild(clients, sources).from(committed, new Totals(budgets::of));
                work = new Work(consumer, rebuilt, List.copyOf(partitions), sources, metrics);
                metrics.works();
                log.atInfo()
                        .addKeyValue("openAgents", rebuilt.books().openAgents())
                        .log("billing works");
            }
            following = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // What was not committed is read again by whoever comes next.
            work = null;
            following = false;
            metrics.standby();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(AGAIN);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopped.set(true);
        Consumer<byte[], byte[]> consumer = polling;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join(LAST_PATIENCE);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }
}
