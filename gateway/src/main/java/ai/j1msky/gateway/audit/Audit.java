package ai.j1msky.gateway.audit;

import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.audit.AuditLevel;
import ai.j1msky.common.audit.AuditPolicy;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.id.NodeId;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.gateway.audit.chain.AnchorSeal;
import ai.j1msky.gateway.audit.chain.AuditFact;
import ai.j1msky.gateway.audit.chain.ChainWriter;
import ai.j1msky.gateway.audit.chain.Origin;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Where everybody tells what happened. Returns at once, whatever the log does; what cannot be kept is counted.
/// Thread-safe.
public final class Audit implements AutoCloseable {

    private static final Duration FIRST_USE = Duration.ofHours(1);
    private static final int USES_KNOWN = 10_000;
    private static final int NAMES_KNOWN = 10_000;

    private final AuditPolicies policies;
    private final ChainWriter writer;
    private final Violations violations;
    private final Clock clock;
    private final Recently uses = new Recently(USES_KNOWN);
    private final Recently names = new Recently(NAMES_KNOWN);

    public Audit(
            AuditPolicies policies, LogClients clients, AnchorSeal seal, NodeId node, Clock clock) {
        this.policies = policies;
        this.clock = clock;
        this.violations = new Violations();
        this.writer = new ChainWriter(clients, seal, node, clock, this::tick);
    }

    public void start() {
        policies.start();
        writer.start();
    }

    /// A fact about an account that begins to be told now.
    public AuditFact fact(AuditEvent event, AccountId account) {
        return AuditFact.of(event, account, clock.instant());
    }

    public void record(AuditFact fact) {
        record(fact, policy());
    }

    /// By a policy that holds no longer, or not yet: changes of the policy are told by the one that tells more.
    public void record(AuditFact fact, AuditPolicy by) {
        if (by.takes(fact.event()) && (fact.id() == null || names.isNew(fact.id(), fact.at()))) {
            boolean _ = writer.offer(fact);
        }
    }

    /// Written whatever the policy says: the log's own configuration.
    public void recordAlways(AuditFact fact) {
        boolean _ = writer.offer(fact);
    }

    /// Whether a use of a key that ends now is worth an entry: below the verbose level, only the first from an address
    /// within an hour is. Cheap, since every request asks it.
    public boolean tellsUse(KeyId key, @Nullable String address) {
        AuditPolicy policy = policy();
        return policy.takes(AuditEvent.API_KEY_USED)
                && (policy.logLevel() == AuditLevel.VERBOSE
                        || uses.isNew(key + " " + address, clock.instant(), FIRST_USE));
    }

    /// Somebody was refused. The first refusal of a kind from an address is told at once, more of them within the
    /// minute as one sum; so an attacker cannot fill the disk.
    ///
    /// @param kind a word, for example `unauthorized`
    /// @param account whose key it was; `main` when that is not known
    public void violation(
            String kind,
            AccountId account,
            @Nullable KeyId key,
            Origin origin,
            ObjectNode details) {
        if (policy().takes(AuditEvent.SECURITY_VIOLATION)) {
            AuditFact fact =
                    fact(AuditEvent.SECURITY_VIOLATION, account)
                            .by(key)
                            .from(origin)
                            .with(details.put("kind", kind));
            violations.add(kind, fact).ifPresent(writer::offer);
        }
    }

    /// Somebody was refused, without more to say about it.
    public void violation(String kind, AccountId account, @Nullable KeyId key, Origin origin) {
        violation(kind, account, key, origin, WireJson.MAPPER.createObjectNode());
    }

    public AuditPolicy policy() {
        return policies.current();
    }

    /// Whether what happens now can be written soon, as far as is known.
    public boolean isWritable() {
        return writer.isWritable();
    }

    public long written() {
        return writer.written();
    }

    /// Entries that found no room while the log could not be written.
    public long lost() {
        return writer.lost();
    }

    public int queued() {
        return writer.queued();
    }

    private void tick() {
        Instant now = clock.instant();
        violations.passed(now).forEach(writer::offer);
        policies.applyRetention();
    }

    @Override
    public void close() {
        writer.close();
        policies.close();
    }
}
