package ai.j1msky.worker.provider;

import ai.j1msky.common.config.ProviderConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Model servers on this machine that nobody configured. They are only told of: an agent never runs on one that the
/// operator did not choose.
public final class LocalServers {

    /// Where such servers listen unless told otherwise; each speaks OpenAI's wire under `/v1`.
    static final Map<String, URI> USUAL =
            Map.of(
                    "ollama", URI.create("http://127.0.0.1:11434/v1"),
                    "llama-cpp", URI.create("http://127.0.0.1:8080/v1"),
                    "vllm", URI.create("http://127.0.0.1:8000/v1"),
                    "exo", URI.create("http://127.0.0.1:52415/v1"));

    private static final Logger log = LoggerFactory.getLogger(LocalServers.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int LONGEST_ANSWER = 256 * 1024;
    private static final int MOST_MODELS = 20;

    /// What a provider's own name of a model may be in `config.json`; anything else is not repeated in a log.
    private static final Pattern NAME = Pattern.compile("[!-~]{1,200}");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private LocalServers() {}

    /// A server that answered.
    ///
    /// @param models what it calls them
    record Found(String name, URI baseUrl, List<String> models) {}

    /// Looks once, and says in the log what is there. Returns at once.
    public static void offer(Collection<ProviderConfig> configured) {
        Thread _ =
                Thread.ofVirtual()
                        .name("local-servers")
                        .start(() -> look(USUAL, configured).forEach(LocalServers::tell));
    }

    private static void tell(Found found) {
        log.atInfo()
                .addKeyValue("provider", found.name())
                .addKeyValue("baseUrl", found.baseUrl())
                .addKeyValue("models", found.models())
                .log("model server found here; it is used when config.json names it");
    }

    /// Those that answer and that are nobody's provider.
    static List<Found> look(Map<String, URI> places, Collection<ProviderConfig> configured) {
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(PATIENCE)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build()) {
            return places.entrySet().stream()
                    .filter(place -> configured.stream().noneMatch(p -> isAt(p, place.getValue())))
                    .flatMap(place -> ask(client, place.getKey(), place.getValue()).stream())
                    .toList();
        }
    }

    private static boolean isAt(ProviderConfig provider, URI place) {
        String host = provider.baseUrl().getHost();
        return provider.baseUrl().getPort() == place.getPort()
                && ("localhost".equalsIgnoreCase(host)
                        || "127.0.0.1".equals(host)
                        || "[::1]".equals(host));
    }

    private static Optional<Found> ask(HttpClient client, String name, URI place) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(place + "/models")).timeout(PATIENCE).build();
        HttpResponse<InputStream> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException nobody) {
            return Optional.empty();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try (InputStream body = response.body()) {
            return response.statusCode() == 200
                    ? read(name, place, body.readNBytes(LONGEST_ANSWER))
                    : Optional.empty();
        } catch (IOException brokeOff) {
            return Optional.empty();
        }
    }

    /// The list of OpenAI's `GET /models`.
    static Optional<Found> read(String name, URI place, byte[] answer) {
        try {
            JsonNode data = JSON.readTree(answer).path("data");
            if (!data.isArray()) {
                return Optional.empty();
            }
            List<String> models =
                    StreamSupport.stream(data.spliterator(), false)
                            .map(model -> model.path("id").asString(""))
                            .filter(id -> NAME.matcher(id).matches())
                            .limit(MOST_MODELS)
                            .toList();
            return Optional.of(new Found(name, place, models));
        } catch (JacksonException somethingElse) {
            return Optional.empty();
        }
    }
}
