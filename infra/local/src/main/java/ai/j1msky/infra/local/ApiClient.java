package ai.j1msky.infra.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The HTTP API as the launcher's commands use it: JSON in and out, and a sentence when it refuses.
final class ApiClient {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(75);

    private final URI gateway;
    private final String authorization;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    private ApiClient(URI gateway, String key) {
        this.gateway = gateway;
        this.authorization = "Bearer " + key;
    }

    /// @param keyFile holds the key and a line end
    static ApiClient of(String gateway, Path keyFile) {
        return new ApiClient(URI.create(gateway), PrivateFile.read(keyFile));
    }

    JsonNode get(String path) {
        return send(request(path).GET());
    }

    JsonNode post(String path, Map<String, ?> body) {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        JSON.writeValueAsBytes(body))));
    }

    JsonNode delete(String path) {
        return send(request(path).DELETE());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(gateway.resolve("/api" + path))
                .timeout(PATIENCE)
                .header("Authorization", authorization);
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            JsonNode body = JSON.readTree(response.body());
            if (response.statusCode() >= 400) {
                throw new RefusedException(
                        response.statusCode(),
                        body.path("error").path("message").asString("(no reason)"));
            }
            return body;
        } catch (IOException e) {
            throw new UsageException("No gateway answers at " + gateway + ".");
        } catch (JacksonException e) {
            throw new UsageException(gateway + " does not answer in JSON; is it J1MSKY's gateway?");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UsageException("Interrupted.");
        }
    }

    /// The gateway answered with an error.
    static final class RefusedException extends UsageException {

        private final int status;

        RefusedException(int status, String reason) {
            super("The gateway answered %d: %s".formatted(status, reason));
            this.status = status;
        }

        int status() {
            return status;
        }
    }
}
