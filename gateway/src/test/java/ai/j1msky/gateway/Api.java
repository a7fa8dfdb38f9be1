package ai.j1msky.gateway;

import ai.j1msky.common.log.WireJson;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/// A client of one gateway with one API key.
public record Api(HttpClient http, URI base, String key) {

    private static final Duration PATIENCE = Duration.ofSeconds(70);

    /// An answer and how long it took.
    public record Answer(int status, HttpHeaders headers, JsonNode body, Duration took) {

        public String text(String field) {
            return body.path(field).asString();
        }

        public JsonNode error() {
            return body.path("error");
        }
    }

    public Api with(String otherKey) {
        return new Api(http, base, otherKey);
    }

    /// The same, from another address of this machine.
    public Api from(String address) {
        try {
            HttpClient there =
                    HttpClient.newBuilder().localAddress(InetAddress.getByName(address)).build();
            return new Api(there, base, key);
        } catch (UnknownHostException noAddress) {
            throw new IllegalArgumentException(noAddress);
        }
    }

    public Answer get(String path, String... headers) {
        HttpRequest.Builder request = request(path).GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build()).join();
    }

    public CompletableFuture<Answer> getLater(String path) {
        return send(request(path).GET().build());
    }

    public Answer delete(String path) {
        return deleteLater(path).join();
    }

    public CompletableFuture<Answer> deleteLater(String path) {
        return send(request(path).DELETE().build());
    }

    public Answer post(String path, String json, String... headers) {
        return postLater(path, json, headers).join();
    }

    public Answer put(String path, String json) {
        return send(request(path)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(json))
                        .build())
                .join();
    }

    public CompletableFuture<Answer> postLater(String path, String json, String... headers) {
        HttpRequest.Builder request =
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + key);
    }

    private CompletableFuture<Answer> send(HttpRequest request) {
        long start = System.nanoTime();
        return http.sendAsync(request, BodyHandlers.ofByteArray())
                .thenApply(
                        response -> answer(response, Duration.ofNanos(System.nanoTime() - start)));
    }

    private static Answer answer(HttpResponse<byte[]> response, Duration took) {
        return new Answer(
                response.statusCode(),
                response.headers(),
                WireJson.MAPPER.readTree(response.body()),
                took);
    }
}
