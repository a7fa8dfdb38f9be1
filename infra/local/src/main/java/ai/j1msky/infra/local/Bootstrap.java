package ai.j1msky.infra.local;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.KeyMerge;
import ai.j1msky.common.apikey.KeyText;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.LogStart;
import ai.j1msky.common.log.LogWriter;
import ai.j1msky.common.log.TopicSetup;
import ai.j1msky.common.registry.FoldedRegistry;
import ai.j1msky.common.topic.Topics;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/// A start's own work once Kafka answers: the topics, and an admin key and a development key that work. A key in its
/// file stays as long as it is registered and has some days left.
///
/// The first key cannot be asked for over HTTP, so both go straight onto the registry's topic.
final class Bootstrap {

    private static final Duration TOPICS_LIMIT = Duration.ofSeconds(60);
    private static final Duration KAFKA_LIMIT = Duration.ofSeconds(20);
    private static final Duration TIME_LEFT = Duration.ofDays(7);
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

    /// @return a sentence for each key that had to be replaced
    /// @throws UncheckedIOException when the master key cannot be read or a key file cannot be written
    /// @throws UsageException when Kafka did not do its part
    /// @throws KafkaException the same
    List<String> run() throws InterruptedException {
        awaitTopics();
        boolean first = Files.notExists(file("admin")) && Files.notExists(file("dev"));
        Collection<ApiKey> registered = first ? List.of() : registered();
        List<String> replaced = new ArrayList<>();
        issue("admin", KeyEnvironment.LIVE, EnumSet.allOf(Scope.class), registered)
                .ifPresent(replaced::add);
        issue("dev", KeyEnvironment.DEV, AGENT_SCOPES, registered).ifPresent(replaced::add);
        return replaced;
    }

    private void awaitTopics() throws InterruptedException {
        try {
            LogStart.await(clients, TOPICS_LIMIT, admin -> TopicSetup.ensure(admin, Topics.ALL));
        } catch (IllegalStateException failure) {
            throw new UsageException("Kafka did not create the topics; start again.");
        }
    }

    private Optional<String> issue(
            String name,
            KeyEnvironment environment,
            Set<Scope> scopes,
            Collection<ApiKey> registered)
            throws InterruptedException {
        if (Files.notExists(file(name))) {
            mint(name, environment, scopes);
            return Optional.empty();
        }
        Optional<String> fault = fault(PrivateFile.read(file(name)), registered, clock.instant());
        if (fault.isEmpty()) {
            return fault;
        }
        Instant expires = mint(name, environment, scopes);
        return Optional.of(
                "New key in %s, good until %s: the old one %s."
                        .formatted(file(name), day(expires), fault.get()));
    }

    private Path file(String name) {
        return data.resolve("run").resolve(name + ".key");
    }

    /// What is wrong with a key's text; empty when it will do for some days.
    static Optional<String> fault(String text, Collection<ApiKey> registered, Instant now) {
        String digest = KeyText.parse(text).map(KeyText::sha256).orElse("");
        Optional<ApiKey> found =
                registered.stream()
                        .filter(
                                key ->
                                        key.secrets().stream()
                                                .anyMatch(s -> s.sha256().equals(digest)))
                        .findFirst();
        if (found.isEmpty()) {
            return Optional.of("was not known here");
        }
        ApiKey key = found.get();
        if (key.revoked() != null) {
            return Optional.of("was revoked");
        }
        if (key.opening(digest, now.plus(TIME_LEFT)).isPresent()) {
            return Optional.empty();
        }
        // A text that was replaced by a rotation ends before its key.
        Instant end =
                key.secrets().stream()
                        .filter(secret -> secret.sha256().equals(digest))
                        .map(key::endOf)
                        .findFirst()
                        .orElse(key.expires());
        return Optional.of((now.isBefore(end) ? "ends on " : "ended on ") + day(end));
    }

    private Collection<ApiKey> registered() throws InterruptedException {
        try (FoldedRegistry<ApiKey> registry =
                new FoldedRegistry<>(
                        new EntryCodec<>(Topics.API_KEYS), clients, KeyMerge::join, change -> {})) {
            registry.start();
            if (!registry.awaitCaughtUp(KAFKA_LIMIT)) {
                throw new UsageException("Kafka did not show the API keys; start again.");
            }
            return registry.all();
        }
    }

    /// @return when the new key ends
    private Instant mint(String name, KeyEnvironment environment, Set<Scope> scopes)
            throws InterruptedException {
        MintedKey key =
                MintedKey.mint(
                        AccountId.MAIN,
                        name,
                        environment,
                        scopes,
                        false,
                        new MasterKeyFile(data).load(),
                        clock.instant(),
                        random);
        publish(key.kept());
        PrivateFile.write(file(name), key.text().reveal() + "\n");
        return key.kept().expires();
    }

    private void publish(ApiKey key) throws InterruptedException {
        try (Producer<byte[], byte[]> producer =
                clients.producer(KAFKA_LIMIT, List.of(Topics.API_KEYS.name()))) {
            new LogWriter(producer, SOURCE).append(new EntryCodec<>(Topics.API_KEYS), key).get();
        } catch (ExecutionException e) {
            throw new UsageException("Kafka did not take the first API keys; start again.");
        }
    }

    private static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }
}
