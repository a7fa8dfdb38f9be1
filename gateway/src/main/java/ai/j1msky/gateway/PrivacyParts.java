package ai.j1msky.gateway;

import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.RecordReader;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.gateway.admission.Endpoint;
import ai.j1msky.gateway.anomaly.KeyWatch;
import ai.j1msky.gateway.apikey.Keyring;
import ai.j1msky.gateway.audit.Audit;
import ai.j1msky.gateway.privacy.DataKeyLog;
import ai.j1msky.gateway.privacy.ErasureEndpoints;
import ai.j1msky.gateway.privacy.ExportEndpoint;
import ai.j1msky.gateway.privacy.Inventory;
import ai.j1msky.gateway.privacy.KeySweeper;
import ai.j1msky.gateway.privacy.OptOuts;
import ai.j1msky.gateway.privacy.PrivacyEndpoints;
import ai.j1msky.gateway.projection.Projection;
import ai.j1msky.gateway.redis.RedisLink;
import ai.j1msky.gateway.view.AgentViews;
import ai.j1msky.gateway.view.StoredAgents;
import ai.j1msky.gateway.view.TextReader;
import ai.j1msky.gateway.webhook.Webhooks;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/// How what owners may ask of their data is put together.
@Configuration(proxyBeanMethods = false)
class PrivacyParts {

    @Bean(initMethod = "start", destroyMethod = "close")
    OptOuts optOuts(LogClients clients) {
        return new OptOuts(clients);
    }

    @Bean
    DataKeyLog dataKeyLog(LogClients clients, LogWriter writer) {
        return new DataKeyLog(clients, writer);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    KeySweeper keySweeper(
            DataKeyLog keys,
            MasterKey master,
            AgencyConfig config,
            Projection projection,
            RedisLink store,
            Audit audit,
            Clock clock,
            MeterRegistry meters) {
        KeySweeper sweeper =
                new KeySweeper(
                        keys, master, config.retention(), projection::isOwner, store, audit, clock);
        meters.gauge("j1msky.data.keys.outdated", sweeper, KeySweeper::outdated);
        return sweeper;
    }

    @Bean
    PrivacyRoutes privacyRoutes(
            AgentViews views,
            Webhooks webhooks,
            DataKeyLog dataKeys,
            OptOuts optOuts,
            Keyring keyring,
            KeyWatch watch,
            RedisLink store,
            LogClients clients,
            LogWriter log,
            RecordReader records,
            MasterKey master,
            Audit audit,
            AgencyConfig config,
            Clock clock) {
        ErasureEndpoints erasures = new ErasureEndpoints(views, webhooks, dataKeys, master, clock);
        ExportEndpoint exports =
                new ExportEndpoint(
                        clients,
                        dataKeys,
                        new StoredAgents(store),
                        new TextReader(master, records),
                        keyring,
                        webhooks,
                        clock);
        PrivacyEndpoints wishes =
                new PrivacyEndpoints(
                        new Inventory(config.retention(), audit::policy),
                        optOuts,
                        keyring,
                        watch,
                        log,
                        clock);
        return new PrivacyRoutes(
                List.of(
                        Endpoint.of(
                                HttpMethod.DELETE,
                                "/api/agent/{agent_id}/data",
                                Scope.AGENTS_WRITE,
                                erasures::agent),
                        Endpoint.of(
                                HttpMethod.GET,
                                "/api/privacy/receipts/{receipt_id}",
                                Scope.AGENTS_READ,
                                erasures::receipt),
                        Endpoint.of(
                                HttpMethod.DELETE,
                                "/api/privacy/account-data",
                                Scope.ADMIN,
                                erasures::account),
                        Endpoint.of(
                                HttpMethod.GET,
                                "/api/privacy/export",
                                Scope.ADMIN,
                                exports::export),
                        Endpoint.of(
                                HttpMethod.GET,
                                "/api/privacy/inventory",
                                Scope.AGENTS_READ,
                                wishes::inventory),
                        Endpoint.of(
                                HttpMethod.GET,
                                "/api/privacy/opt-out",
                                Scope.ADMIN,
                                wishes::optOut),
                        Endpoint.of(
                                HttpMethod.PUT,
                                "/api/privacy/opt-out",
                                Scope.ADMIN,
                                wishes::setOptOut)));
    }
}
