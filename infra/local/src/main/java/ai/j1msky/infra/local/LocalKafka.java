package ai.j1msky.infra.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/// A real Kafka node (KRaft) inside this JVM, alone or one of several, with its data in one directory.
///
/// Starting on a directory that another instance left, cleanly or killed, continues with its topics, offsets and
/// share state. Not more than one instance may use a directory at a time.
public final class LocalKafka implements AutoCloseable {

    private final LocalKafkaSettings settings;
    private final KafkaRaftServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LocalKafka(LocalKafkaSettings settings, KafkaRaftServer server) {
        this.settings = settings;
        this.server = server;
    }

    /// Starts the broker and returns when it serves clients. One of several waits until most of them are there.
    ///
    /// @throws UncheckedIOException when the directory cannot be written
    /// @throws RuntimeException Kafka's own, when a port is taken or the data cannot be read
    public static LocalKafka start(LocalKafkaSettings wanted) {
        LocalKafkaSettings settings = wanted.withChosenPorts();
        format(settings);
        KafkaConfig config = KafkaConfig.fromProps(BrokerProperties.of(settings), false);
        KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException e) {
            server.shutdown();
            throw e;
        }
        return new LocalKafka(settings, server);
    }

    /// The broker settings that do not depend on addresses or directories, for a broker started some other way.
    public static Map<String, String> singleNodeSettings() {
        return BrokerProperties.singleNode().asMap();
    }

    /// Where clients connect, for example `127.0.0.1:9092`.
    public String bootstrapServers() {
        return settings.clientHost() + ":" + settings.port();
    }

    public int port() {
        return settings.port();
    }

    /// Stops the broker; its data stays. Repeating it does nothing.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.shutdown();
            server.awaitShutdown();
        }
    }

    private static void format(LocalKafkaSettings settings) {
        Path directory = settings.dataDirectory();
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        try {
            Files.createDirectories(directory);
            new Formatter()
                    .setPrintStream(silent())
                    .setClusterId(clusterId(settings.quorum()))
                    .setNodeId(settings.nodeId())
                    .addDirectory(directory.toAbsolutePath().toString())
                    .setMetadataLogDirectory(directory.toAbsolutePath().toString())
                    .setControllerListenerName(BrokerProperties.CONTROLLER_LISTENER)
                    .setIgnoreFormatted(true)
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare the Kafka directory " + directory, e);
        } catch (Exception e) { // Formatter.run() declares no less
            throw new IllegalStateException("cannot format the Kafka directory " + directory, e);
        }
    }

    private static String clusterId(LocalKafkaSettings.@Nullable Quorum quorum) {
        return quorum == null ? Uuid.randomUuid().toString() : quorum.clusterId();
    }

    private static PrintStream silent() {
        return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    }
}
