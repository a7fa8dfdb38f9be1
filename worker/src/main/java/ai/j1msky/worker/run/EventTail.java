package ai.j1msky.worker.run;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows all agent events from now on and tells the runs that they concern. Only records of agents that run here
/// are decoded; of the others, cancels are remembered. After a failure it goes on where it was, so none is missed.
public final class EventTail implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(EventTail.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(30);

    /// What comes within this time is read together; a cancel has two seconds.
    private static final Duration GATHERING = Duration.ofMillis(10);

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final LogClients clients;
    private final RunningAgents running;
    private final Stops stops;
    private final EntryCodec<AgentEvent> codec = new EntryCodec<>(Topics.AGENT_EVENTS);
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("event-tail").unstarted(this);
    private volatile @Nullable Consumer<byte[], byte[]> current;
    private volatile boolean closing;

    public EventTail(LogClients clients, RunningAgents running, CallGuard guard) {
        this.clients = clients;
        this.running = running;
        this.stops = new Stops(guard);
    }

    /// Returns when the end of the log is known, so that everything appended later is seen.
    ///
    /// @throws KafkaException when the log does not answer
    public void start() {
        List<TopicPartition> partitions =
                IntStream.range(0, Topics.AGENT_EVENTS.partitions())
                        .mapToObj(n -> new TopicPartition(Topics.AGENT_EVENTS.name(), n))
                        .toList();
        try (Consumer<byte[], byte[]> reader = clients.reader("event-tail-start")) {
            next.putAll(reader.endOffsets(partitions, FIRST_ANSWER));
        }
        thread.start();
    }

    public void close() throws InterruptedException {
        closing = true;
        Consumer<byte[], byte[]> reader = current;
        if (reader != null) {
            reader.wakeup();
        }
        thread.join(Duration.ofSeconds(1));
    }

    @Override
    public void run() {
        while (!closing) {
            try (Consumer<byte[], byte[]> reader = clients.reader("event-tail")) {
                current = reader;
                reader.assign(next.keySet());
                next.forEach(reader::seek);
                follow(reader);
            } catch (WakeupException stopped) {
                log.atDebug().log("event tail woken");
            } catch (RuntimeException failed) {
                log.atWarn()
                        .addKeyValue("cause", failed.getClass().getSimpleName())
                        .log("event tail starts again");
                pause();
            }
        }
    }

    private void follow(Consumer<byte[], byte[]> reader) {
        while (!closing) {
            ConsumerRecords<byte[], byte[]> records = reader.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                look(record);
                next.put(
                        new TopicPartition(record.topic(), record.partition()),
                        record.offset() + 1);
            }
            if (!records.isEmpty()) {
                LockSupport.parkNanos(GATHERING.toNanos());
            }
        }
    }

    private void look(ConsumerRecord<byte[], byte[]> record) {
        String agent = EntryCodec.keyOf(record);
        if (Topics.CANCEL_REQUESTED.name().equals(EntryCodec.typeOf(record))) {
            running.rememberCancel(agent);
        }
        Run run = running.find(agent);
        if (run != null
                && codec.read(record) instanceof ReadResult.Entry<AgentEvent>(AgentEvent event)) {
            stops.apply(run, event);
        }
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
