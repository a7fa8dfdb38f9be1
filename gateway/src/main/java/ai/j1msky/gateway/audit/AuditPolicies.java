package ai.j1msky.gateway.audit;

import ai.j1msky.common.audit.AuditPolicy;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.registry.FoldedRegistry;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.UnreadableException;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The audit policy, folded in memory like every registry. One without a gateway's seal is not obeyed: else who can
/// write topics could shorten the retention and have what is older deleted without a trace.
public final class AuditPolicies implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AuditPolicies.class);
    private static final String CONTEXT = "audit-policy";
    private static final Duration SEGMENT = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final FoldedRegistry<AuditPolicy> registry;
    private final EntryCodec<AuditPolicy> codec = new EntryCodec<>(Topics.AUDIT_POLICY);
    private final LogClients clients;
    private final LogWriter writer;
    private final MasterKey master;
    private volatile AuditPolicy current = AuditPolicy.STANDARD;

    /// The retention that the topic has, as far as this gateway knows; 0 before it looked. For one thread.
    private int appliedDays;

    private long nextTry = System.nanoTime();

    public AuditPolicies(LogClients clients, LogWriter writer, MasterKey master) {
        this.clients = clients;
        this.writer = writer;
        this.master = master;
        this.registry = new FoldedRegistry<>(codec, clients, this::take);
    }

    void start() {
        registry.start();
    }

    public AuditPolicy current() {
        return current;
    }

    /// Completes when every later look here sees it.
    ///
    /// @param wanted the new policy; when it is from and what may be gone by then is set here
    public CompletableFuture<AuditPolicy> change(AuditPolicy wanted, Instant now) {
        AuditPolicy unsealed =
                new AuditPolicy(
                        wanted.enabled(),
                        wanted.logLevel(),
                        wanted.retentionDays(),
                        wanted.includeRequestBody(),
                        wanted.includeResponseBody(),
                        wanted.events(),
                        current.cutoff(now),
                        "",
                        now);
        AuditPolicy sealed = unsealed.sealedWith(master.sealSecret(unsealed.statement(), CONTEXT));
        return writer.append(codec, sealed)
                .thenCompose(registry::reached)
                .thenApply(reached -> sealed);
    }

    private void take(FoldedRegistry.Change<AuditPolicy> change) {
        change.entry()
                .filter(this::isGenuine)
                .ifPresentOrElse(
                        policy -> current = policy,
                        () -> log.atError().log("audit policy without a gateway's seal ignored"));
    }

    private boolean isGenuine(AuditPolicy policy) {
        try {
            return master.openSecret(policy.seal(), CONTEXT).equals(policy.statement());
        } catch (UnreadableException forged) {
            return false;
        }
    }

    /// Gives the topic the policy's retention when it has another; tries again later when that fails. Blocking; for
    /// one thread.
    void applyRetention() {
        int days = current.retentionDays();
        if (!registry.isCaughtUp() || days == appliedDays || System.nanoTime() - nextTry < 0) {
            return;
        }
        nextTry = System.nanoTime() + AGAIN.toNanos();
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.AUDIT.name());
        Collection<AlterConfigOp> settings =
                List.of(
                        set(TopicConfig.RETENTION_MS_CONFIG, Duration.ofDays(days)),
                        // Whole segments expire: with one a day, a day after their last entry did.
                        set(TopicConfig.SEGMENT_MS_CONFIG, SEGMENT));
        try (Admin admin = clients.admin()) {
            admin.incrementalAlterConfigs(Map.of(topic, settings))
                    .all()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            appliedDays = days;
            nextTry = System.nanoTime();
        } catch (ExecutionException | TimeoutException | KafkaException away) {
            log.atWarn()
                    .addKeyValue("cause", away.getClass().getSimpleName())
                    .log("audit retention not set yet");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static AlterConfigOp set(String name, Duration value) {
        return new AlterConfigOp(
                new ConfigEntry(name, Long.toString(value.toMillis())), AlterConfigOp.OpType.SET);
    }

    @Override
    public void close() {
        registry.close();
    }
}
