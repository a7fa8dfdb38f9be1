package ai.j1msky.infra.local;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;

/// The first start's own work once Kafka answers: the topics, an admin key and a development key. Later starts find
/// the key files and mint nothing.
///
/// The first key cannot be asked for over HTTP, so both go straight onto the registry's topic.
final class Bootstrap {

    private static final Duration ACK_LIMIT = Duration.ofSeconds(20);
    private static final URI SOURCE = URI.create("/j1msky/launcher");
    private static final Set<Scope> AGENT_SCOPES =
            EnumSet.of(Scope.AGENTS_READ, Scope.AGENTS_WRITE, Scope.BILLING_READ);

    private final LogClients clients;
    private final Path data;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /// @param data the launcher's data directory
    Bootstrap(LogClients clients, Path data, Clock clock) {
        this.clients = clients;
        this.data = data;
        this.clock = clock;
    }

    /// @throws UncheckedIOException when the master key cannot be read or a key file cannot be written
    /// @throws UsageException when Kafka did not take a key
    void run() throws InterruptedException {
        try (Admin admin = clients.admin()) {
            TopicSetup.ensure(admin, Topics.ALL);
        }
        issueOnce("admin", KeyEnvironment.LIVE, EnumSet.allOf(Scope.class));
        issueOnce("dev", KeyEnvironment.DEV, AGENT_SCOPES);
    }

    private void issueOnce(String name, KeyEnvironment environment, Set<Scope> scopes)
            throws InterruptedException {
        Path file = data.resolve("run").resolve(name + ".key");
        if (Files.notExists(file)) {
            MintedKey key =
                    MintedKey.mint(
                            AccountId.MAIN,
                            name,
                            environment,
                            scopes,
                            false,
                            master(),
                            clock.instant(),
                            random);
            publish(key.kept());
            PrivateFile.write(file, key.text().reveal() + "\n");
        }
    }

    private MasterKey master() {
        try {
            return MasterKey.load(Preparation.masterKey(data));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the master key", e);
        }
    }

    private void publish(ApiKey key) throws InterruptedException {
        try (Producer<byte[], byte[]> producer =
                clients.producer(ACK_LIMIT, List.of(Topics.API_KEYS.name()))) {
            new LogWriter(producer, SOURCE).append(new EntryCodec<>(Topics.API_KEYS), key).get();
        } catch (ExecutionException e) {
            throw new UsageException("Kafka did not take the first API keys; start again.");
        }
    }
}
