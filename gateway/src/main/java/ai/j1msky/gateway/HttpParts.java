package ai.j1msky.gateway;

import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.RecordReader;
import ai.j1msky.common.registry.Budgets;
import ai.j1msky.common.registry.Drains;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.gateway.address.AddressCheck;
import ai.j1msky.gateway.address.AddressRules;
import ai.j1msky.gateway.address.BlockEndpoints;
import ai.j1msky.gateway.address.PolicyLog;
import ai.j1msky.gateway.address.WhitelistEndpoints;
import ai.j1msky.gateway.admission.Door;
import ai.j1msky.gateway.admission.Endpoint;
import ai.j1msky.gateway.agent.AgentEndpoints;
import ai.j1msky.gateway.agent.CancelEndpoint;
import ai.j1msky.gateway.anomaly.KeyWatch;
import ai.j1msky.gateway.apikey.KeyUpkeep;
import ai.j1msky.gateway.apikey.Keyring;
import ai.j1msky.gateway.audit.Audit;
import ai.j1msky.gateway.auditlog.AuditEndpoints;
import ai.j1msky.gateway.auditlog.AuditFilter;
import ai.j1msky.gateway.auditlog.AuditGate;
import ai.j1msky.gateway.keyadmin.KeyEndpoints;
import ai.j1msky.gateway.ledger.LedgerEndpoints;
import ai.j1msky.gateway.limit.Limiter;
import ai.j1msky.gateway.limit.RateLimitsEndpoint;
import ai.j1msky.gateway.money.BudgetEndpoints;
import ai.j1msky.gateway.money.MoneyViews;
import ai.j1msky.gateway.money.SpendingAlerts;
import ai.j1msky.gateway.money.UsageEndpoint;
import ai.j1msky.gateway.node.NodeEndpoints;
import ai.j1msky.gateway.node.Nodes;
import ai.j1msky.gateway.node.OwnHost;
import ai.j1msky.gateway.projection.LiveAgents;
import ai.j1msky.gateway.projection.Projection;
import ai.j1msky.gateway.request.RequestFilter;
import ai.j1msky.gateway.share.AccountShares;
import ai.j1msky.gateway.signing.Signatures;
import ai.j1msky.gateway.spawn.SpawnEndpoint;
import ai.j1msky.gateway.spawn.SpawnLog;
import ai.j1msky.gateway.view.AgentViews;
import ai.j1msky.gateway.view.ProjectedStore;
import ai.j1msky.gateway.view.TextReader;
import ai.j1msky.gateway.webhook.DeliveryEndpoints;
import ai.j1msky.gateway.webhook.WebhookEndpoints;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.RouterFunctions;

/// The way of a request: what is answered by whom.
@Configuration(proxyBeanMethods = false)
class HttpParts {

    /// The whole way of a request: the filter around everything, then the probes or the door. Spring's own dispatcher
    /// has no part in it: it would answer some requests itself (preflights), and it costs time.
    @Bean
    HttpHandler httpHandler(
            AddressRules addresses,
            Keyring keyring,
            KeyUpkeep upkeep,
            Projection projection,
            AgencyConfig config,
            Limiter limiter,
            Budgets budgets,
            SpendingAlerts alerts,
            ProjectedStore projected,
            AccountShares shares,
            AgentViews views,
            LiveAgents live,
            LogWriter log,
            RecordReader records,
            MasterKey master,
            Audit audit,
            KeyWatch watch,
            AuditEndpoints audits,
            LedgerEndpoints ledger,
            OwnHost host,
            Nodes nodes,
            Drains drains,
            WebhookEndpoints hooks,
            DeliveryEndpoints deliveries,
            PrivacyRoutes privacy,
            MeterRegistry meters,
            Clock clock) {
        SpawnEndpoint spawn =
                new SpawnEndpoint(
                        config,
                        budgets,
                        alerts,
                        shares,
                        views,
                        new SpawnLog(log, config.retention()),
                        master,
                        audit,
                        watch,
                        clock);
        AgentEndpoints agents =
                new AgentEndpoints(views, new TextReader(master, records), live, config);
        MoneyViews money = new MoneyViews(projected);
        UsageEndpoint usage = new UsageEndpoint(money, clock);
        BudgetEndpoints budget = new BudgetEndpoints(budgets, keyring, money, log, clock);
        CancelEndpoint cancel = new CancelEndpoint(views, live, log, clock);
        KeyEndpoints keys = new KeyEndpoints(keyring, upkeep, log, master, clock);
        PolicyLog policies = new PolicyLog(log, addresses, clock);
        WhitelistEndpoints whitelist = new WhitelistEndpoints(addresses, policies, clock);
        BlockEndpoints blocks = new BlockEndpoints(addresses, policies, clock);
        NodeEndpoints cluster = new NodeEndpoints(host, nodes, drains, live, config, log, clock);
        Door door =
                new Door(
                        new AddressCheck(config.trustedProxies(), addresses, clock),
                        keyring,
                        limiter,
                        new Signatures(master, clock),
                        watch,
                        clock,
                        Stream.concat(
                                        privacy.endpoints().stream(),
                                        Stream.of(
                                                Endpoint.of(
                                                                HttpMethod.POST,
                                                                "/api/spawn",
                                                                Scope.AGENTS_WRITE,
                                                                spawn::spawn)
                                                        .takingTokens(),
                                                Endpoint.of(
                                                                HttpMethod.POST,
                                                                "/api/spawn-team",
                                                                Scope.AGENTS_WRITE,
                                                                spawn::spawnTeam)
                                                        .limitedAs("POST /spawn")
                                                        .takingTokens(),
                                                Endpoint.of(
                                                                HttpMethod.GET,
                                                                "/api/agent/{agent_id}",
                                                                Scope.AGENTS_READ,
                                                                agents::get)
                                                        .takingTokens(),
                                                Endpoint.of(
                                                        HttpMethod.DELETE,
                                                        "/api/agent/{agent_id}",
                                                        Scope.AGENTS_WRITE,
                                                        cancel::cancel),
                                                Endpoint.of(
                                                                HttpMethod.GET,
                                                                "/api/agents",
                                                                Scope.AGENTS_READ,
                                                                agents::list)
                                                        .takingTokens(),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/rate-limits",
                                                        Scope.AGENTS_READ,
                                                        new RateLimitsEndpoint(limiter)::get),
                                                Endpoint.of(
                                                                HttpMethod.GET,
                                                                "/api/billing/usage",
                                                                Scope.BILLING_READ,
                                                                usage::get)
                                                        .takingTokens(),
                                                Endpoint.of(
                                                                HttpMethod.GET,
                                                                "/api/billing/budget",
                                                                Scope.BILLING_READ,
                                                                budget::get)
                                                        .takingTokens(),
                                                Endpoint.of(
                                                        HttpMethod.PUT,
                                                        "/api/billing/budget",
                                                        Scope.ADMIN,
                                                        budget::put),
                                                Endpoint.of(
                                                        HttpMethod.DELETE,
                                                        "/api/billing/budget",
                                                        Scope.ADMIN,
                                                        budget::delete),
                                                Endpoint.of(
                                                        HttpMethod.POST,
                                                        "/api/keys",
                                                        Scope.ADMIN,
                                                        keys::create),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/keys",
                                                        Scope.ADMIN,
                                                        keys::list),
                                                Endpoint.of(
                                                        HttpMethod.POST,
                                                        "/api/keys/{key_id}/rotate",
                                                        Scope.ADMIN,
                                                        keys::rotate),
                                                Endpoint.of(
                                                        HttpMethod.POST,
                                                        "/api/security/audit",
                                                        Scope.ADMIN,
                                                        audits::change),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/security/audit",
                                                        Scope.ADMIN,
                                                        audits::policy),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/security/audit/entries",
                                                        Scope.ADMIN,
                                                        audits::entries),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/security/audit/verify",
                                                        Scope.ADMIN,
                                                        audits::verify),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/billing/ledger",
                                                        Scope.BILLING_READ,
                                                        ledger::entries),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/billing/reconcile",
                                                        Scope.BILLING_READ,
                                                        ledger::reconcile),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/billing/export",
                                                        Scope.BILLING_READ,
                                                        ledger::export),
                                                Endpoint.of(
                                                        HttpMethod.DELETE,
                                                        "/api/keys/{key_id}",
                                                        Scope.ADMIN,
                                                        keys::revoke),
                                                Endpoint.of(
                                                        HttpMethod.PUT,
                                                        "/api/security/ip-whitelist",
                                                        Scope.ADMIN,
                                                        whitelist::put),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/security/ip-whitelist",
                                                        Scope.ADMIN,
                                                        whitelist::get),
                                                Endpoint.of(
                                                        HttpMethod.POST,
                                                        "/api/security/block-ip",
                                                        Scope.ADMIN,
                                                        blocks::block),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/security/block-ip",
                                                        Scope.ADMIN,
                                                        blocks::list),
                                                Endpoint.of(
                                                        HttpMethod.DELETE,
                                                        "/api/security/block-ip/{ip}",
                                                        Scope.ADMIN,
                                                        blocks::unblock),
                                                Endpoint.of(
                                                        HttpMethod.POST,
                                                        "/api/webhooks",
                                                        Scope.ADMIN,
                                                        hooks::create),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/webhooks",
                                                        Scope.ADMIN,
                                                        hooks::list),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/webhooks/{webhook_id}",
                                                        Scope.ADMIN,
                                                        hooks::get),
                                                Endpoint.of(
                                                        HttpMethod.PUT,
                                                        "/api/webhooks/{webhook_id}",
                                                        Scope.ADMIN,
                                                        hooks::update),
                                                Endpoint.of(
                                                        HttpMethod.DELETE,
                                                        "/api/webhooks/{webhook_id}",
                                                        Scope.ADMIN,
                                                        hooks::delete),
                                                Endpoint.of(
                                                        HttpMethod.POST,
                                                        "/api/webhooks/{webhook_id}/rotate",
                                                        Scope.ADMIN,
                                                        hooks::rotate),
                                                Endpoint.of(
                                                        HttpMethod.POST,
                                                        "/api/webhooks/{webhook_id}/test",
                                                        Scope.ADMIN,
                                                        deliveries::test),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/webhooks/{webhook_id}/deliveries",
                                                        Scope.ADMIN,
                                                        deliveries::list),
                                                Endpoint.of(
                                                        HttpMethod.POST,
                                                        "/api/webhooks/{webhook_id}/deliveries/{delivery_id}/resend",
                                                        Scope.ADMIN,
                                                        deliveries::resend),
                                                Endpoint.of(
                                                        HttpMethod.POST,
                                                        "/api/webhooks/{webhook_id}/replay",
                                                        Scope.ADMIN,
                                                        deliveries::replay),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/system",
                                                        Scope.AGENTS_READ,
                                                        cluster::system),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/models",
                                                        Scope.AGENTS_READ,
                                                        cluster::models),
                                                Endpoint.of(
                                                        HttpMethod.GET,
                                                        "/api/nodes",
                                                        Scope.AGENTS_READ,
                                                        cluster::list),
                                                Endpoint.of(
                                                        HttpMethod.POST,
                                                        "/api/nodes/{node_id}/drain",
                                                        Scope.ADMIN,
                                                        cluster::drain),
                                                Endpoint.of(
                                                        HttpMethod.POST,
                                                        "/api/nodes/{node_id}/undrain",
                                                        Scope.ADMIN,
                                                        cluster::undrain)))
                                .toList());
        return RouterFunctions.toHttpHandler(
                new Probes(addresses, keyring, budgets, projection).routes().and(door),
                HandlerStrategies.builder()
                        .webFilter(new AuditFilter(audit, watch, Door.LABEL))
                        .webFilter(new RequestFilter(meters, Door.LABEL))
                        .webFilter(new AuditGate(audit, config.auditUnwritable()))
                        .build());
    }
}
