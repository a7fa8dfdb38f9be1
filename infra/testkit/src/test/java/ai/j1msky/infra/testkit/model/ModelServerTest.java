package ai.j1msky.infra.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.infra.testkit.model.RecordedCall.Told;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelServerTest {

    private final Path logFile;
    private final ModelServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    ModelServerTest(@TempDir Path directory) {
        this.logFile = directory.resolve("calls.jsonl");
        this.server = ModelServer.start(0, logFile);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private HttpResponse<String> post(String path, String key, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(server.url().resolve(path))
                        .header("anthropic-version", "2023-06-01")
                        .header(path.equals("/v1/messages") ? "x-api-key" : "Authorization", key)
                        .POST(BodyPublishers.ofString(body))
                        .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static String body(String prompt) {
        return """
        {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"%s"}]}"""
                .formatted(prompt);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/messages, /content/0/text, /usage/output_tokens",
        "/v1/chat/completions, /choices/0/message/content, /usage/completion_tokens"
    })
    void aCallThatIsNotStreamedGetsOneWholeAnswer(String path, String text, String tokens)
            throws Exception {
        // When
        HttpResponse<String> answer = post(path, "Bearer k", body("say this [[agent-marker:m-1]]"));

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(ModelWire.JSON.readTree(answer.body()).at(text).asString(""))
                .isEqualTo("echo: say this");
        assertThat(ModelWire.JSON.readTree(answer.body()).at(tokens).asInt(0)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"/v1/messages", "/v1/chat/completions"})
    void aCallWithoutAKeyIsRefused(String path) throws Exception {
        // When
        HttpResponse<String> answer = post(path, "", body("hello"));

        // Then
        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"/v1/messages, '{'", "/v1/messages, '{}'", "/v1/chat/completions, '{'"})
    void aBodyThatTheProviderWouldNotTakeIsRefused(String path, String body) throws Exception {
        // When
        HttpResponse<String> answer = post(path, "Bearer k", body);

        // Then
        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @Test
    void theLogTellsOfEveryCallButNotWhatWasSaid() throws Exception {
        // Given
        post("/v1/messages", "k-secret", body("hello there [[agent-marker:m-7]]"));

        // When
        String served =
                client.send(
                                HttpRequest.newBuilder(server.url().resolve("/log")).build(),
                                BodyHandlers.ofString())
                        .body();

        // Then
        assertThat(served.lines())
                .hasSize(5)
                .allMatch(line -> line.contains("\"marker\":\"m-7\""))
                .allMatch(line -> line.contains("\"max_tokens\":9"))
                .noneMatch(line -> line.contains("hello") || line.contains("secret"));
        assertThat(server.calls().getFirst().finishedAt()).isNotNull();
        assertThat(Files.readString(logFile)).isEqualTo(served);
    }

    @ParameterizedTest
    @CsvSource({"/v1/messages, 3, 3, 14", "/v1/chat/completions, 3, 3, 14"})
    void theRecordHasWhatTheClientMayBeChargedFor(
            String path, String input, String output, long textBytes) throws Exception {
        // When
        post(path, "Bearer k", body("say this [[agent-marker:m-8]]"));

        // Then
        Told told = server.calls().getFirst().told();
        assertThat(told)
                .isEqualTo(
                        new Told(
                                "say this [[agent-marker:m-8]]".length(),
                                textBytes,
                                input,
                                output));
    }

    @Test
    void anotherProcessReadsTheSameFromTheLogFileWhileItGrows() throws Exception {
        // Given
        CallLogFile file = new CallLogFile(logFile);
        post("/v1/messages", "k", body("one [[agent-marker:m-9]]"));
        assertThat(file.calls()).hasSize(1);
        post("/v1/chat/completions", "Bearer k", body("two"));

        // When
        List<RecordedCall> read = file.calls();

        // Then
        assertThat(read)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("headers")
                .isEqualTo(server.calls());
    }

    @Test
    void whatIsNoProvidersPathIsNotFound() throws Exception {
        // When
        HttpResponse<String> answer =
                client.send(
                        HttpRequest.newBuilder(URI.create(server.url() + "/v2")).build(),
                        BodyHandlers.ofString());

        // Then
        assertThat(answer.statusCode()).isEqualTo(404);
    }
}
