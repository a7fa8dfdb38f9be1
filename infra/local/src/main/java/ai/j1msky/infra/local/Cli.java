package ai.j1msky.infra.local;

import ai.j1msky.common.log.LogClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// What the launcher script leaves to Java: files with secrets, Kafka, and JSON over HTTP.
///
/// Answers go to standard output, sentences for people to standard error; the exit code is then 1.
public final class Cli {

    private Cli() {}

    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "ai/j1msky/infra/local/logback.xml");
        System.setProperty("j1msky.log.level", "OFF"); // what goes wrong becomes one sentence
        try {
            run(List.of(arguments));
        } catch (UsageException e) {
            fail(e.getMessage());
        } catch (UncheckedIOException e) {
            IOException cause = Objects.requireNonNull(e.getCause());
            fail(e.getMessage() + " (" + cause.getMessage() + ")");
        }
    }

    private static void run(List<String> arguments) {
        if (arguments.isEmpty()) {
            throw new UsageException("no command");
        }
        Options options = Options.parse(arguments.subList(1, arguments.size()));
        switch (arguments.getFirst()) {
            case "prepare" -> print(prepare(options).toString());
            case "bootstrap" -> bootstrap(options);
            case "demo" ->
                    print(
                            new Demo(api(options))
                                    .run(
                                            options.required("model"),
                                            Path.of(options.required("readme"))));
            case "key-create" ->
                    print(
                            keys(options)
                                    .create(
                                            options.required("name"),
                                            options.required("env"),
                                            List.of(options.required("scopes").split(",", -1))));
            case "key-list" -> print(keys(options).list().stripTrailing());
            case "key-revoke" -> {
                keys(options).revoke(options.required("id"));
                print("Revoked.");
            }
            case "master-key-add" -> masterKey(options).addKey();
            case "master-key-promote" -> masterKey(options).promote();
            default -> throw new UsageException("unknown command: " + arguments.getFirst());
        }
    }

    private static Path prepare(Options options) {
        @Nullable String host = options.optional("bind");
        if (host != null) {
            new ListenAddress(host, options.number("port", 0)).requireUsable();
        }
        @Nullable String config = options.optional("config");
        return new Preparation(Path.of(options.required("data")), System.getenv())
                .run(config == null ? null : Path.of(config));
    }

    private static void bootstrap(Options options) {
        LogClients clients = new LogClients(options.required("kafka"), "launcher");
        try {
            new Bootstrap(clients, Path.of(options.required("data")), Clock.systemUTC())
                    .run()
                    .forEach(Cli::print);
        } catch (KafkaException e) {
            throw new UsageException(
                    "Kafka did not answer (%s); start again."
                            .formatted(e.getClass().getSimpleName()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static MasterKeyFile masterKey(Options options) {
        return new MasterKeyFile(Path.of(options.required("data")));
    }

    private static KeyCommands keys(Options options) {
        return new KeyCommands(api(options));
    }

    private static ApiClient api(Options options) {
        return ApiClient.of(options.required("url"), Path.of(options.required("key-file")));
    }

    private static void print(String text) {
        System.out.println(text);
    }

    private static void fail(@Nullable String sentence) {
        System.err.println(sentence);
        System.exit(1);
    }
}
