package ai.j1msky.notifier;

import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.LogScan;
import ai.j1msky.common.log.OneOwnerAssignor;
import ai.j1msky.common.log.RecordReader;
import ai.j1msky.common.log.Topic;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.notifier.send.EndpointGate;
import ai.j1msky.notifier.send.Sender;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

/// Reads what happens and tells the endpoints. Of all notifiers one works; the others wait to take over, and have
/// everything from the log then. Whatever fails, it begins again from there.
public final class Notifier implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Notifier.class);
    private static final String GROUP = "j1msky.notifier";
    private static final Duration POLL = Duration.ofMillis(50);

    /// While attempts are under way, what comes of them is to be taken to the log soon.
    private static final Duration BUSY_POLL = Duration.ofMillis(5);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(15);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final LogClients clients;
    private final String node;
    private final Map<String, EntryCodec<? extends LogEntry>> sources = new HashMap<>();
    private final Endpoints endpoints;
    private final Keys keys;
    private final RecordReader bodies;
    private final RecordReader tasks;
    private final Work.Parts work;
    private final Attempts.Parts attempts;
    private final NotifierMetrics metrics;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread = Thread.ofPlatform().name("notifier").unstarted(this::run);
    private volatile @Nullable Consumer<byte[], byte[]> polling;
    private volatile boolean following;

    /// @param node the name of this process, the same after a restart
    public Notifier(
            LogClients clients,
            String node,
            MasterKey master,
            Sender sender,
            NotifierMetrics metrics,
            Clock clock) {
        this.clients = clients;
        this.node = node;
        this.metrics = metrics;
        this.endpoints = new Endpoints(clients);
        this.keys = new Keys(clients);
        this.bodies = new RecordReader(clients);
        this.tasks = new RecordReader(clients);
        Topics.SPAWNS.forEach(this::source);
        source(Topics.AGENT_EVENTS);
        source(Topics.DATA_KEYS);
        source(Topics.BILLING_ALERTS);
        source(Topics.WEBHOOK_REQUESTS);
        this.work =
                new Work.Parts(
                        sources,
                        endpoints,
                        keys,
                        new Payloads(master, tasks),
                        master,
                        new Resends(clients),
                        metrics,
                        clock,
                        new SecureRandom());
        this.attempts =
                new Attempts.Parts(endpoints, master, bodies, sender, new EndpointGate(), clock);
    }

    private void source(Topic<? extends LogEntry> topic) {
        sources.put(topic.name(), new EntryCodec<>(topic));
    }

    public void start() {
        endpoints.start();
        keys.start();
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
            } catch (InterruptedException told) {
                return;
            } catch (RuntimeException failure) {
                log.atWarn()
                        .addKeyValue("cause", failure.getClass().getName())
                        .log("notifier begins again");
                metrics.restarted();
                pause();
            }
        }
    }

    /// From joining the group until something fails.
    private void session() throws InterruptedException {
        if (!endpoints.awaitReady(PATIENCE) || !keys.awaitReady(PATIENCE)) {
            throw new TimeoutException("the registries were not read in time");
        }
        try (Consumer<byte[], byte[]> consumer =
                        clients.member(GROUP, node, OneOwnerAssignor.class);
                Producer<byte[], byte[]> producer =
                        clients.transactional("j1msky.notifier." + node, PATIENCE);
                Ownership ownership = new Ownership(consumer)) {
            polling = consumer;
            producer.initTransactions();
            consumer.subscribe(sources.keySet(), ownership);
            try {
                while (!stopped.get()) {
                    ownership.step(producer);
                }
            } catch (WakeupException told) {
                // By close(): what has come until now is written first.
            }
            ownership.finish(producer);
            // So that another takes over at once.
            consumer.close(
                    CloseOptions.groupMembershipOperation(
                            CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        } finally {
            polling = null;
            following = false;
            metrics.standby();
        }
    }

    /// Whether this notifier is the one that works.
    private final class Ownership implements ConsumerRebalanceListener, AutoCloseable {
        private final Consumer<byte[], byte[]> consumer;
        private @Nullable Work working;
        private @Nullable Attempts attempting;
        private @Nullable Memory memory;

        /// How far data keys are read before anything else is, after taking over.
        private Map<TopicPartition, Long> keysTo = Map.of();

        Ownership(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        void step(Producer<byte[], byte[]> producer) {
            goOn();
            boolean busy = attempting != null && attempting.isBusy();
            ConsumerRecords<byte[], byte[]> records = consumer.poll(busy ? BUSY_POLL : POLL);
            if (working != null && attempting != null && memory != null) {
                working.read(records);
                working.took(attempting.takeDone());
                working.takeFound();
                working.remindIfDue();
                working.commitIfDue(producer);
                metrics.stands(
                        memory.due().size(),
                        consumer.assignment().stream()
                                .mapToLong(p -> consumer.currentLag(p).orElse(0))
                                .sum());
            }
        }

        /// Deletions first: what happened before one of them, and is read after it, is not told.
        private void goOn() {
            if (!consumer.paused().isEmpty()
                    && keysTo.entrySet().stream()
                            .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                consumer.resume(consumer.paused());
            }
        }

        /// What attempts came to until now; those under way are made again by whoever works next.
        void finish(Producer<byte[], byte[]> producer) {
            if (working != null && attempting != null) {
                attempting.close();
                working.took(attempting.takeDone());
                working.commitIfDue(producer);
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                Set<TopicPartition> all = new HashSet<>(partitions);
                all.addAll(LogScan.partitions(Topics.WEBHOOK_DELIVERIES));
                Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(all);
                Memory rebuilt = new Rebuild(clients, sources).from(committed);
                memory = rebuilt;
                working = new Work(work, consumer, rebuilt, List.copyOf(partitions));
                attempting = new Attempts(rebuilt, attempts);
                keysTo = consumer.endOffsets(LogScan.partitions(Topics.DATA_KEYS));
                consumer.pause(
                        partitions.stream().filter(each -> !keysTo.containsKey(each)).toList());
                attempting.start();
                metrics.works();
                log.atInfo()
                        .addKeyValue("openAgents", rebuilt.lives().openAgents())
                        .addKeyValue("pending", rebuilt.due().size())
                        .log("notifier works");
            }
            following = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // What was not committed is read again by whoever comes next.
            close();
            following = false;
            metrics.standby();
        }

        @Override
        public void close() {
            if (attempting != null) {
                attempting.close();
            }
            working = null;
            attempting = null;
            memory = null;
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
        endpoints.close();
        keys.close();
        bodies.close();
        tasks.close();
    }
}
