package ai.j1msky.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentLog;
import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.agent.RandomLogs;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.ledger.Balance;
import ai.j1msky.common.ledger.ExpectedMoney;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.LedgerKind;
import ai.j1msky.common.ledger.LedgerSums;
import ai.j1msky.common.ledger.UsageCell;
import ai.j1msky.common.ledger.UsageTotal;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogEntry;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.log.Topic;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.infra.testkit.Infrastructure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Real billings on a real log: they are restarted, two at a time, in the middle of what they do, and the ledger is
/// compared with a second opinion on each agent.
class BillingIT {

    private static final int AGENTS = 600;
    private static final int RESTARTS = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final URI SOURCE = URI.create("/j1msky/test");
    private static final String FIRST = "subagent_1234567890_482915730164";

    private final LogClients clients =
            new LogClients(Infrastructure.get().kafkaBootstrap(), "billing-it");
    private static final BudgetTerms BUDGETS =
            new BudgetTerms(Money.micros(10), Money.micros(20), List.of(80, 100));
    private final Map<String, Map<LedgerKind, Long>> expected = new HashMap<>();

    @Test
    void everyMovementIsOnTheLedgerOnceWhoeverIsRestartedAndWhateverIsThereTwice()
            throws Exception {
        // Given
        try (Admin admin = clients.admin()) {
            TopicSetup.ensure(admin, Topics.ALL);
        }
        Random random = new Random(20_261_126);
        try (Producer<byte[], byte[]> producer =
                clients.producer(
                        Duration.ofSeconds(10), Topics.ALL.stream().map(Topic::name).toList())) {
            // When
            Billing one = billing("billing-1");
            Billing two = billing("billing-2");
            for (int round = 0; round < RESTARTS; round++) {
                produce(producer, random, round);
                if (round % 2 == 0) {
                    one.close();
                    one = billing("billing-1");
                } else {
                    two.close();
                    two = billing("billing-2");
                }
            }
            producer.flush();

            // Then
            try {
                await().atMost(PATIENCE).until(() -> movements().equals(expected));
                requireSumsOfTheLedger();
                requireOneAlertOfEachThreshold();
            } finally {
                one.close();
                two.close();
            }
        }
    }

    private Billing billing(String node) {
        Billing billing =
                new Billing(
                        new LogClients(Infrastructure.get().kafkaBootstrap(), node),
                        node,
                        BUDGETS,
                        new BillingMetrics(new SimpleMeterRegistry()));
        billing.start();
        return billing;
    }

    /// Some agents, all at once; those of the round before once more.
    private void produce(Producer<byte[], byte[]> producer, Random random, int round) {
        int each = AGENTS / RESTARTS;
        for (int again = Math.max(0, round - 1); again <= round; again++) {
            List<List<LogEntry>> lives = new ArrayList<>();
            for (int agent = again * each; agent < (again + 1) * each; agent++) {
                AgentLog log = RandomLogs.causal(agent);
                String id = "subagent_1234567890_%012d".formatted(agent);
                lives.add(
                        Stream.concat(
                                        log.commands().stream().map(ExpectedMoney::held),
                                        log.events().stream())
                                .map(entry -> as(id, entry))
                                .collect(Collectors.toCollection(ArrayList::new)));
                Map<LedgerKind, Long> money = ExpectedMoney.of(log);
                if (!money.isEmpty()) {
                    expected.put(id, money);
                }
            }
            while (!lives.isEmpty()) {
                List<LogEntry> life = lives.get(random.nextInt(lives.size()));
                if (life.isEmpty()) {
                    lives.remove(life);
                } else {
                    send(producer, life.removeFirst());
                }
            }
        }
    }

    /// The same record of another agent, created now.
    private static LogEntry as(String id, LogEntry entry) {
        JsonNode json = WireJson.MAPPER.valueToTree(entry);
        String text =
                WireJson.MAPPER
                        .writeValueAsString(json)
                        .replace(FIRST, id)
                        .replaceAll(
                                "\"created\":\"[^\"]*\"", "\"created\":\"" + Instant.now() + "\"");
        return WireJson.MAPPER.readValue(text, entry.getClass());
    }

    private static void send(Producer<byte[], byte[]> producer, LogEntry entry) {
        var _ =
                producer.send(
                        switch (entry) {
                            case SpawnCommand command ->
                                    new EntryCodec<>(Topics.spawn(Priority.NORMAL))
                                            .write(command, SOURCE);
                            case AgentEvent event ->
                                    new EntryCodec<>(Topics.AGENT_EVENTS).write(event, SOURCE);
                            default -> throw new IllegalArgumentException("of no agent");
                        });
    }

    /// What the ledger says of each agent; fails when it says something twice.
    private Map<String, Map<LedgerKind, Long>> movements() {
        Map<String, Map<LedgerKind, Long>> moved = new HashMap<>();
        for (LedgerEntry entry : read(Topics.LEDGER)) {
            AgentId agent = entry.agentId();
            Long before =
                    moved.computeIfAbsent(agent.value(), id -> new EnumMap<>(LedgerKind.class))
                            .put(entry.kind(), entry.amount().micros());
            assertThat(before).as("%s of %s", entry.kind(), agent).isNull();
        }
        return moved;
    }

    private void requireSumsOfTheLedger() {
        LedgerSums sums = LedgerSums.NONE;
        for (LedgerEntry entry : read(Topics.LEDGER)) {
            sums = sums.plus(entry.kind(), entry.amount());
        }
        Map<String, UsageTotal> newest = new HashMap<>();
        read(Topics.USAGE).forEach(total -> newest.put(total.logKey(), total));
        Money used = Money.ZERO;
        Money held = Money.ZERO;
        Money spent = Money.ZERO;
        for (UsageTotal total : newest.values()) {
            if (total instanceof UsageCell cell) {
                used = used.plus(cell.charged());
            } else if (total instanceof Balance b && b.holder().equals(Balance.WHOLE)) {
                held = held.plus(b.held());
                spent = spent.plus(b.spentMonth());
            }
        }
        assertThat(used).isEqualTo(sums.charged());
        assertThat(held).isEqualTo(sums.open());
        assertThat(spent).isEqualTo(sums.charged());
    }

    /// The budgets are passed by far, in every round again.
    private void requireOneAlertOfEachThreshold() {
        List<BillingAlert> alerts = read(Topics.BILLING_ALERTS);
        assertThat(alerts)
                .filteredOn(alert -> alert.kind() == BillingAlert.Kind.BUDGET)
                .extracting(BillingAlert::logKey)
                .doesNotHaveDuplicates()
                .hasSizeGreaterThanOrEqualTo(4)
                .allMatch(key -> key.matches("[a-z0-9_-]+/account/budget/[0-9-]+/(80|100)"));
    }

    private <T extends LogEntry> List<T> read(Topic<T> topic) {
        EntryCodec<T> codec = new EntryCodec<>(topic);
        List<T> entries = new ArrayList<>();
        try (Consumer<byte[], byte[]> reader = clients.reader("look")) {
            List<TopicPartition> partitions =
                    IntStream.range(0, topic.partitions())
                            .mapToObj(number -> new TopicPartition(topic.name(), number))
                            .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> reader.position(p) < ends.get(p))) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(200))) {
                    if (codec.read(record) instanceof ReadResult.Entry<T>(T body)) {
                        entries.add(body);
                    }
                }
            }
        }
        return entries;
    }
}
