package ai.j1msky.gateway;

import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogStart;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.RecordReader;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.registry.Budgets;
import ai.j1msky.common.registry.Drains;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.TargetRules;
import ai.j1msky.gateway.address.AddressRules;
import ai.j1msky.gateway.anomaly.KeyWatch;
import ai.j1msky.gateway.apikey.KeyUpkeep;
import ai.j1msky.gateway.apikey.Keyring;
import ai.j1msky.gateway.audit.AgentEnds;
import ai.j1msky.gateway.audit.AlertNotes;
import ai.j1msky.gateway.audit.Audit;
import ai.j1msky.gateway.audit.AuditPolicies;
import ai.j1msky.gateway.audit.chain.AnchorSeal;
import ai.j1msky.gateway.audit.chain.ChainVerifier;
import ai.j1msky.gateway.auditlog.AuditEndpoints;
import ai.j1msky.gateway.ledger.LedgerEndpoints;
import ai.j1msky.gateway.limit.Limiter;
import ai.j1msky.gateway.money.SpendingAlerts;
import ai.j1msky.gateway.node.Nodes;
import ai.j1msky.gateway.node.OwnHost;
import ai.j1msky.gateway.privacy.OptOuts;
import ai.j1msky.gateway.projection.HandOver;
import ai.j1msky.gateway.projection.LiveAgents;
import ai.j1msky.gateway.projection.Projection;
import ai.j1msky.gateway.projection.QueueFront;
import ai.j1msky.gateway.projection.Watcher;
import ai.j1msky.gateway.redis.RedisLink;
import ai.j1msky.gateway.share.AccountShares;
import ai.j1msky.gateway.team.TeamCoordinator;
import ai.j1msky.gateway.view.AgentViews;
import ai.j1msky.gateway.view.Freshness;
import ai.j1msky.gateway.view.ProjectedStore;
import ai.j1msky.gateway.view.StoredAgents;
import ai.j1msky.gateway.view.TextReader;
import ai.j1msky.gateway.view.ViewWriter;
import ai.j1msky.gateway.webhook.DeliveryEndpoints;
import ai.j1msky.gateway.webhook.DisabledNotes;
import ai.j1msky.gateway.webhook.Targets;
import ai.j1msky.gateway.webhook.WebhookEndpoints;
import ai.j1msky.gateway.webhook.Webhooks;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// How the gateway is put together; nothing here decides anything.
@Configuration(proxyBeanMethods = false)
class GatewayParts {

    private static final Duration DELIVERY = Duration.ofSeconds(4);

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    AgencyConfig agencyConfig(GatewaySettings settings) {
        return AgencyConfig.load(settings.config(), System.getenv());
    }

    @Bean
    MasterKey masterKey(GatewaySettings settings) throws IOException {
        return MasterKey.find(settings.masterKeysetJson(), settings.masterKeyset());
    }

    @Bean
    LogClients logClients(
            GatewaySettings settings,
            @Value("${spring.kafka.bootstrap-servers}") String bootstrapServers)
            throws InterruptedException {
        LogClients clients = new LogClients(bootstrapServers, settings.node().value());
        LogStart.await(clients, LogStart.PATIENCE, admin -> TopicSetup.ensure(admin, Topics.ALL));
        return clients;
    }

    @Bean(destroyMethod = "close")
    LogProducer logProducer(LogClients clients) {
        return new LogProducer(clients.producer(DELIVERY, writtenTopics()));
    }

    private static List<String> writtenTopics() {
        // Dead letters too: a topic that is not named here refuses its first record.
        return Topics.ALL.stream()
                .flatMap(topic -> Stream.of(topic.name(), topic.deadLetters()))
                .toList();
    }

    @Bean
    LogWriter logWriter(LogProducer producer) {
        return new LogWriter(producer.producer(), URI.create("/j1msky/gateway"));
    }

    @Bean(destroyMethod = "close")
    RecordReader recordReader(LogClients clients) {
        return new RecordReader(clients);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Keyring keyring(LogClients clients, Clock clock, MeterRegistry meters) {
        return new Keyring(clients, clock, meters);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    KeyUpkeep keyUpkeep(
            Keyring keyring, LogWriter writer, RedisLink store, Audit audit, Clock clock) {
        return new KeyUpkeep(keyring, writer, store, audit, clock);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    KeyWatch keyWatch(
            AgencyConfig config, RedisLink store, Audit audit, OptOuts optOuts, Clock clock) {
        return new KeyWatch(config.anomalies(), store, audit, optOuts::allow, clock);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    AddressRules addressRules(LogClients clients, AgencyConfig config, Clock clock) {
        return new AddressRules(clients, config.allowedIps(), clock);
    }

    @Bean
    AuditPolicies auditPolicies(LogClients clients, LogWriter writer, MasterKey master) {
        return new AuditPolicies(clients, writer, master);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Audit audit(
            AuditPolicies policies,
            LogClients clients,
            MasterKey master,
            GatewaySettings settings,
            Clock clock,
            MeterRegistry meters) {
        Audit audit = new Audit(policies, clients, new AnchorSeal(master), settings.node(), clock);
        meters.gauge("j1msky.audit.queued", audit, Audit::queued);
        meters.gauge("j1msky.audit.writable", audit, a -> a.isWritable() ? 1 : 0);
        meters.more().counter("j1msky.audit.written", List.of(), audit, Audit::written);
        meters.more().counter("j1msky.audit.lost", List.of(), audit, Audit::lost);
        return audit;
    }

    @Bean(destroyMethod = "close")
    AuditEndpoints auditEndpoints(
            Audit audit,
            AuditPolicies policies,
            LogClients clients,
            MasterKey master,
            Clock clock) {
        ChainVerifier verifier =
                new ChainVerifier(
                        clients, new AnchorSeal(master), Topics.AUDIT, Topics.AUDIT_ANCHORS);
        return new AuditEndpoints(audit, policies, clients, verifier, master, clock);
    }

    @Bean(destroyMethod = "close")
    LedgerEndpoints ledgerEndpoints(LogClients clients, MasterKey master, Clock clock) {
        return new LedgerEndpoints(clients, master, clock);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Budgets budgets(LogClients clients, AgencyConfig config) {
        return new Budgets(clients, config.budgets().standard());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Webhooks webhooks(LogClients clients, LogWriter writer) {
        return new Webhooks(clients, writer);
    }

    @Bean
    WebhookEndpoints webhookEndpoints(
            Webhooks webhooks,
            AgencyConfig config,
            LogWriter writer,
            MasterKey master,
            Clock clock,
            @Value("${spring.kafka.bootstrap-servers}") String kafka,
            @Value("${spring.data.redis.port:6379}") String redis,
            @Value("${server.port:8080}") String port,
            @Value("${management.server.port:}") String management) {
        TargetRules rules =
                new TargetRules(
                        config.webhooks().allowedSubnets(),
                        TargetRules.portsOf(kafka, redis, port, management));
        return new WebhookEndpoints(webhooks, new Targets(rules), writer, master, clock);
    }

    @Bean(destroyMethod = "close")
    DeliveryEndpoints deliveryEndpoints(
            Webhooks webhooks,
            LogClients clients,
            LogWriter writer,
            MasterKey master,
            RedisLink store,
            Clock clock) {
        return new DeliveryEndpoints(
                webhooks, clients, writer, master, new StoredAgents(store), clock);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Nodes nodes(LogClients clients, Clock clock) {
        return new Nodes(clients, clock);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Drains drains(LogClients clients) {
        return new Drains(clients, () -> {});
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    OwnHost ownHost() {
        return new OwnHost();
    }

    @Bean
    SpendingAlerts spendingAlerts(
            Budgets budgets,
            AgencyConfig config,
            RedisLink store,
            LogWriter writer,
            MeterRegistry meters) {
        return new SpendingAlerts(budgets, config.budgets(), store, writer, meters);
    }

    @Bean
    Freshness freshness() {
        return new Freshness();
    }

    @Bean
    Limiter limiter(AgencyConfig config, RedisLink store) {
        return new Limiter(config, store);
    }

    @Bean
    ProjectedStore projectedStore(RedisLink store, Freshness freshness, Limiter limiter) {
        return new ProjectedStore(store, freshness, limiter);
    }

    @Bean
    AgentViews agentViews(ProjectedStore redis) {
        return new AgentViews(redis);
    }

    @Bean
    AccountShares accountShares(Nodes nodes, MeterRegistry meters) {
        AccountShares shares = new AccountShares(nodes::slots);
        meters.gauge("j1msky.agents.waiting", shares, AccountShares::waiting);
        return shares;
    }

    @Bean
    LiveAgents liveAgents(AccountShares shares, MeterRegistry meters) {
        LiveAgents agents = new LiveAgents(shares);
        meters.gauge("j1msky.agents.live", agents, LiveAgents::count);
        return agents;
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Projection projection(
            GatewaySettings settings,
            LogClients clients,
            LogWriter writer,
            LiveAgents agents,
            RedisLink store,
            Freshness freshness,
            AgencyConfig config,
            Limiter limiter,
            Clock clock,
            Audit audit,
            MeterRegistry meters) {
        String token = WorkerId.mint(settings.node(), new SecureRandom()).value();
        Projection projection =
                new Projection(
                        clients,
                        writer,
                        agents,
                        new ViewWriter(store, token),
                        new StoredAgents(store),
                        freshness,
                        config,
                        limiter,
                        clock,
                        new AgentEnds(audit),
                        new AlertNotes(audit));
        meters.gauge("j1msky.projection.owner", projection, p -> p.isOwner() ? 1 : 0);
        return projection;
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    DisabledNotes disabledNotes(
            Webhooks webhooks, Audit audit, Projection projection, Clock clock) {
        return new DisabledNotes(webhooks, audit, projection::isOwner, clock);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    TeamCoordinator teamCoordinator(
            LiveAgents agents,
            AccountShares shares,
            Projection projection,
            RedisLink store,
            RecordReader records,
            MasterKey master,
            LogWriter writer,
            AgencyConfig config,
            Clock clock) {
        return new TeamCoordinator(
                agents,
                shares,
                projection,
                new StoredAgents(store),
                new TextReader(master, records),
                master,
                writer,
                config.retention(),
                clock);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    HandOver handOver(
            LiveAgents agents,
            AccountShares shares,
            Projection projection,
            RedisLink store,
            LogWriter writer) {
        return new HandOver(agents, shares, projection, new StoredAgents(store), writer);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Watcher watcher(
            LiveAgents agents,
            Projection projection,
            RedisLink store,
            LogClients clients,
            LogWriter writer,
            AgencyConfig config,
            Clock clock) {
        return new Watcher(
                agents,
                projection,
                new StoredAgents(store),
                new QueueFront(clients),
                writer,
                // Its own: what it sends again must not queue behind clients' reads.
                new RecordReader(clients),
                config.queueTime(),
                clock);
    }
}
