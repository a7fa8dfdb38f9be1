package ai.j1msky.infra.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The first agent a newcomer sees: it summarises the project's own README.
final class Demo {

    /// The longest task the API takes.
    private static final int MAX_TASK = 100_000;

    private static final int TIMEOUT_SECONDS = 120;
    private static final Duration PATIENCE = Duration.ofSeconds(TIMEOUT_SECONDS + 30L);

    private final ApiClient api;

    Demo(ApiClient api) {
        this.api = api;
    }

    /// Spawns the agent, waits for its end, and returns what to print.
    ///
    /// @throws UsageException with the reason when it does not complete
    String run(String model, Path readme) {
        long start = System.nanoTime();
        JsonNode spawned =
                api.post(
                        "/spawn",
                        Map.of("model", model, "task", task(readme), "timeout", TIMEOUT_SECONDS));
        String id = spawned.path("agent_id").asString();
        JsonNode agent = awaitEnd(id, start);
        if (!agent.path("status").asString().equals("completed")) {
            throw new UsageException(
                    "The first agent ended as %s: %s"
                            .formatted(
                                    agent.path("status").asString(),
                                    agent.path("error")
                                            .path("message")
                                            .asString("no reason given")));
        }
        return """
               Agent %s (model %s, provider %s) read %s and answered in %.1f s for $%s:

               %s
               """
                .formatted(
                        id,
                        model,
                        agent.path("provider").asString("unknown"),
                        readme.getFileName(),
                        seconds(start),
                        agent.path("cost").asString("0"),
                        agent.path("result").asString("(no text)").indent(2).stripTrailing());
    }

    private JsonNode awaitEnd(String id, long start) {
        while (seconds(start) < PATIENCE.toSeconds()) {
            JsonNode agent = api.get("/agent/" + id + "?wait=30");
            String status = agent.path("status").asString();
            if (!status.equals("spawning") && !status.equals("running")) {
                return agent;
            }
        }
        throw new UsageException("The first agent (" + id + ") did not end in time.");
    }

    private static String task(Path readme) {
        try {
            String task = "Summarise this text:\n\n" + Files.readString(readme);
            return task.substring(0, Math.min(task.length(), MAX_TASK));
        } catch (IOException e) {
            throw new UsageException("cannot read " + readme);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
