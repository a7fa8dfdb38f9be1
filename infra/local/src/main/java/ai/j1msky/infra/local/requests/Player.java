package ai.j1msky.infra.local.requests;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Sends the requests of a file one after the other and compares the answers with what the file says. Prints a line
/// for each; never a header, since one holds the key.
final class Player {

    /// Longer than the longest `wait` of the API.
    private static final Duration PATIENCE = Duration.ofSeconds(75);

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, String> given;
    private final PrintStream out;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    /// @param given variables that win over those of the files
    Player(Map<String, String> given, PrintStream out) {
        this.given = given;
        this.out = out;
    }

    /// How many answers were not the right ones.
    int play(RequestFile file) throws InterruptedException {
        Variables variables = new Variables(file.variables(), given);
        int wrong = 0;
        for (SampleRequest sample : file.requests()) {
            String complaint = play(sample, variables);
            out.printf(
                    "%-5s %d %-6s %s%s%n",
                    complaint.isEmpty() ? "ok" : "WRONG",
                    sample.status(),
                    sample.method(),
                    sample.title(),
                    complaint.isEmpty() ? "" : ": " + complaint);
            wrong += complaint.isEmpty() ? 0 : 1;
        }
        return wrong;
    }

    private String play(SampleRequest sample, Variables variables) throws InterruptedException {
        try {
            HttpResponse<byte[]> answer =
                    http.send(request(sample, variables), BodyHandlers.ofByteArray());
            JsonNode body = JSON.readTree(answer.body());
            if (!sample.name().isEmpty()) {
                variables.remember(sample.name(), body);
            }
            return complaint(sample, variables, answer.statusCode(), body);
        } catch (JacksonException e) {
            return "the answer is not JSON";
        } catch (IOException e) {
            return "no answer (" + e.getClass().getSimpleName() + ")";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static HttpRequest request(SampleRequest sample, Variables variables) {
        BodyPublisher body =
                sample.body().isEmpty()
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofString(variables.fill(sample.body()));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(variables.fill(sample.url())))
                        .timeout(PATIENCE)
                        .method(sample.method(), body);
        sample.headers().forEach((name, value) -> request.header(name, variables.fill(value)));
        return request.build();
    }

    private static String complaint(
            SampleRequest sample, Variables variables, int status, JsonNode body) {
        if (status != sample.status()) {
            String message = body.path("error").path("message").asString("");
            return "answered " + status + (message.isEmpty() ? "" : ", " + message);
        }
        List<String> different =
                sample.fields().entrySet().stream()
                        .filter(
                                field ->
                                        !text(body, field.getKey())
                                                .equals(variables.fill(field.getValue())))
                        .map(field -> field.getKey() + " is " + text(body, field.getKey()))
                        .toList();
        return String.join(", ", different);
    }

    private static String text(JsonNode body, String field) {
        return body.path(field).asString("missing");
    }
}
