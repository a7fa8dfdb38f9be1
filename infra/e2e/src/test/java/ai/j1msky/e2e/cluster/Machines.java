package ai.j1msky.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The machines of `infra/cluster`, by way of that script.
///
/// @param data the script's directory
record Machines(Path script, Path data) {

    static final List<String> WORKERS = List.of("worker-1", "worker-2", "worker-3", "worker-4");
    static final List<String> GATEWAYS = List.of("gateway-1", "gateway-2");
    static final List<String> KAFKA = List.of("kafka-1", "kafka-2", "kafka-3");
    static final String EVERYBODY = "all";

    /// Ends its process without warning, as `kill -9` does; returns when it is gone.
    void kill(String node) {
        command("kill", node);
    }

    /// Starts its process again; returns when that is ready.
    void start(String node) {
        command("start", node);
    }

    /// From now on what one sends to the other gets lost. The other way is left as it is.
    void cut(String from, String to) {
        command("cut", from, to);
    }

    /// Both ways.
    void cutOff(String node) {
        cut(node, EVERYBODY);
        cut(EVERYBODY, node);
    }

    /// Ends all cuts.
    void heal() {
        command("heal");
    }

    /// Ends all cuts, and starts what does not run.
    void mend() {
        command("mend");
    }

    private void command(String... words) {
        List<String> command = new ArrayList<>(List.of(script.toString(), "in", data.toString()));
        command.addAll(List.of(words));
        try {
            // What it starts would keep a pipe open.
            int exit =
                    new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start()
                            .waitFor();
            if (exit != 0) {
                throw new IllegalStateException(String.join(" ", words) + " failed");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
