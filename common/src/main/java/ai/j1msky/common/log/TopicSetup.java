package ai.j1msky.common.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/// Creates topics and sets share groups up; whoever comes first does it, and doing it again changes nothing.
///
/// Replication is the broker's default, so a cluster decides it in one place.
public final class TopicSetup {

    private static final Keep DEAD_LETTERS_KEPT = new Keep.For(Duration.ofDays(30));
    private static final int MAX_BATCH_BYTES = LogClients.MAX_RECORD_BYTES + 64 * 1024;

    private TopicSetup() {}

    /// Creates what is missing, dead letters included.
    public static void ensure(Admin admin, Collection<? extends Topic<?>> topics)
            throws InterruptedException {
        List<NewTopic> wanted = new ArrayList<>();
        for (Topic<?> topic : topics) {
            wanted.add(
                    create(
                            topic.name(),
                            topic.partitions(),
                            topic.keep(),
                            topic.stampedByBroker()));
            wanted.add(create(topic.deadLetters(), 1, DEAD_LETTERS_KEPT, false));
        }
        Set<String> old = new HashSet<>();
        for (Map.Entry<String, org.apache.kafka.common.KafkaFuture<Void>> created :
                admin.createTopics(wanted).values().entrySet()) {
            try {
                created.getValue().get();
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof TopicExistsException)) {
                    throw new IllegalStateException(
                            "cannot create topic " + created.getKey(), failed.getCause());
                }
                old.add(created.getKey());
            }
        }
        for (Topic<?> topic : topics) {
            if (topic.keep() instanceof Keep.NewestOnly only && old.contains(topic.name())) {
                promise(admin, topic, only);
            }
        }
    }

    /// Topics from before this was promised keep it too.
    private static void promise(Admin admin, Topic<?> topic, Keep.NewestOnly only)
            throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        Collection<AlterConfigOp> settings =
                compactedWithin(only.within()).entrySet().stream()
                        .map(setting -> set(setting.getKey(), setting.getValue()))
                        .toList();
        try {
            admin.incrementalAlterConfigs(Map.of(resource, settings)).all().get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException(
                    "cannot configure topic " + topic.name(), failed.getCause());
        }
    }

    private static Map<String, String> compactedWithin(Duration lag) {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                Long.toString(lag.toMillis()),
                // What was cleaned away is a file of that name for as long.
                TopicConfig.FILE_DELETE_DELAY_MS_CONFIG,
                "1000");
    }

    /// Sets a share group up to start at the oldest record (the default, the newest, loses tasks), to lock each
    /// record long enough and to see only committed records.
    public static void configureShareGroup(Admin admin, String group, Duration lock)
            throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        Collection<AlterConfigOp> settings =
                List.of(
                        set("share.auto.offset.reset", "earliest"),
                        set("share.isolation.level", "read_committed"),
                        set("share.record.lock.duration.ms", Long.toString(lock.toMillis())));
        try {
            admin.incrementalAlterConfigs(Map.of(resource, settings)).all().get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException(
                    "cannot configure share group " + group, failed.getCause());
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    private static NewTopic create(
            String name, int partitions, Keep keep, boolean stampedByBroker) {
        Map<String, String> settings = new HashMap<>();
        settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_BATCH_BYTES));
        if (stampedByBroker) {
            settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        }
        switch (keep) {
            case Keep.For(Duration age) ->
                    settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(age.toMillis()));
            case Keep.Always() -> settings.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
            case Keep.Newest() ->
                    settings.put(
                            TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
            case Keep.NewestOnly(Duration within) -> settings.putAll(compactedWithin(within));
        }
        return new NewTopic(name, Optional.of(partitions), Optional.<Short>empty())
                .configs(settings);
    }
}
