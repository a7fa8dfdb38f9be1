package ai.j1msky.worker.http;

import ai.j1msky.worker.model.CallProgress;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelCall;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelFailure.Kind;
import ai.j1msky.worker.model.ProviderSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;

/// The connections to all providers. Thread-safe; one is enough for a process.
///
/// HTTP/1.1 only, since the JDK would send `Upgrade: h2c` otherwise and since closing a connection is what stops a
/// call there. Follows no redirect, takes no proxy from the environment, repeats no request, asks for no compression.
public final class ModelHttp implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client;
    private final StreamLimits limits;
    private final Clock clock;

    /// Opens no connection yet.
    public ModelHttp() {
        this(StreamLimits.STANDARD, Clock.systemUTC());
    }

    ModelHttp(StreamLimits limits, Clock clock) {
        this.limits = limits;
        this.clock = clock;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build();
    }

    /// Sends the request and reads its streamed answer, on the calling thread.
    ///
    /// @param written the request as LangChain4j wrote it, see [WrittenRequest]
    /// @param events what the events of the answer mean; fresh for each call
    /// @throws ModelFailure for every outcome but an answer; the connection is closed then
    public ModelAnswer stream(
            ProviderSettings settings,
            dev.langchain4j.http.client.HttpRequest written,
            WireEvents events,
            ModelCall call,
            CallProgress progress)
            throws ModelFailure {
        return new RunningCall(client, settings.idleTimeout(), limits, call, progress)
                .run(request(written), events, clock);
    }

    private static HttpRequest request(dev.langchain4j.http.client.HttpRequest written)
            throws ModelFailure {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(written.url()))
                            .POST(BodyPublishers.ofString(written.body()));
            written.headers()
                    .forEach(
                            (name, values) -> values.forEach(value -> request.header(name, value)));
            return request.setHeader("Accept", "text/event-stream")
                    .setHeader("User-Agent", "j1msky")
                    .build();
        } catch (IllegalArgumentException malformed) {
            // Not kept as the cause: its message quotes the header, which may be the key.
            throw new ModelFailure(Kind.PROVIDER_REJECTED, "The request could not be written.");
        }
    }

    /// Closes all connections; running calls fail.
    @Override
    public void close() {
        client.shutdownNow();
    }
}
