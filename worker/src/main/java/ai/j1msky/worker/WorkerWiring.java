package ai.j1msky.worker;

import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.config.ConfigException;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.worker.lease.RedisLink;
import ai.j1msky.worker.provider.ProviderTable;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.resource.Delay;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/// Puts the worker together from its settings.
@Configuration(proxyBeanMethods = false)
class WorkerWiring {

    /// Contract 25.
    private static final Duration COOL_FOR = Duration.ofSeconds(60);

    @Bean
    AgencyConfig agencyConfig(WorkerSettings settings) {
        try {
            return AgencyConfig.load(settings.config(), System.getenv());
        } catch (ConfigException mistakes) {
            throw new StartException(mistakes.mistakes());
        }
    }

    @Bean
    MasterKey masterKey(WorkerSettings settings) {
        try {
            return MasterKey.find(settings.masterKeysetJson(), settings.masterKeyset());
        } catch (IOException none) {
            throw new StartException(String.valueOf(none.getMessage()));
        }
    }

    /// By default a lost connection is tried again after up to half a minute.
    @Bean
    ClientResourcesBuilderCustomizer reconnectSoon() {
        return resources -> resources.reconnectDelay(Delay.constant(Duration.ofMillis(500)));
    }

    /// A command that cannot be sent now must fail now, not run some time later.
    @Bean
    LettuceClientOptionsBuilderCustomizer failFast() {
        return options ->
                options.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS);
    }

    @Bean
    Worker worker(
            WorkerSettings settings,
            KafkaSettings kafka,
            LettuceConnectionFactory redis,
            MasterKey masterKey,
            AgencyConfig config,
            ProviderTable providers,
            MeterRegistry registry)
            throws InterruptedException {
        LogClients clients = new LogClients(kafka.bootstrapServers(), settings.node());
        LogReadiness.await(clients);
        String version = WorkerMain.class.getPackage().getImplementationVersion();
        try {
            return new Worker(
                    settings,
                    new Surroundings(
                            clients,
                            new RedisLink(redis),
                            masterKey,
                            providers,
                            COOL_FOR,
                            config.queueTime(),
                            Optional.ofNullable(version).orElse("development"),
                            registry,
                            Clock.systemUTC()));
        } catch (IOException unusable) {
            throw new StartException(
                    "The spool directory " + settings.worker().spoolDir() + " cannot be used.");
        }
    }

    @Bean
    WorkerLifecycle workerLifecycle(Worker worker, ApplicationEventPublisher events) {
        return new WorkerLifecycle(worker, events);
    }
}
