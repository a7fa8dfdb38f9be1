package ai.j1msky.bench.cluster;

import ai.j1msky.bench.load.BlockingClient;
import ai.j1msky.bench.load.HttpRequest;
import ai.j1msky.bench.stack.Product;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/// The product's workers, which take work or rest, and agents for them.
final class Fleet {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int CLIENTS = 8;

    private final Product product;
    private final int workers;

    Fleet(Product product, int workers) {
        this.product = product;
        this.workers = workers;
    }

    /// Lets so many workers take work, and the others none.
    ///
    /// @return when they were told, as [System#nanoTime]
    long use(int number) {
        try (BlockingClient client = BlockingClient.connect(product.gateway())) {
            for (int worker = number + 1; worker <= workers; worker++) {
                tell(client, worker, "drain");
            }
            long told = System.nanoTime();
            for (int worker = 1; worker <= number; worker++) {
                tell(client, worker, "undrain");
            }
            return told;
        } catch (IOException broken) {
            throw new UncheckedIOException("the gateway did not answer", broken);
        }
    }

    /// Lets none take work, and waits until what they had taken has started.
    void rest() {
        use(0);
        try {
            TimeUnit.SECONDS.sleep(2);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private void tell(BlockingClient client, int worker, String what) throws IOException {
        String path = "/api/nodes/worker-" + worker + "/" + what;
        int status = client.exchange(HttpRequest.post(path, product.adminKey(), "{}")).status();
        if (status != 200) {
            throw new IllegalStateException(path + " was answered with " + status);
        }
    }

    /// A key of another account.
    String keyOf(String account) {
        String body =
                "{\"name\":\"bench\",\"env\":\"dev\",\"account\":\"%s\",\"scopes\":[\"agents:write\"]}"
                        .formatted(account);
        try (BlockingClient client = BlockingClient.connect(product.gateway())) {
            BlockingClient.Answer answer =
                    client.exchange(HttpRequest.post("/api/keys", product.adminKey(), body));
            if (answer.status() != 200) {
                throw new IllegalStateException("no key: " + answer.status());
            }
            return JSON.readTree(answer.body()).path("key").asString("");
        } catch (IOException broken) {
            throw new UncheckedIOException("the gateway did not answer", broken);
        }
    }

    /// Spawns an agent for each task, over several connections.
    ///
    /// @return when each was answered, by id, as [System#nanoTime]
    Map<String, Long> spawn(List<String> tasks, String priority) {
        return spawn(tasks, priority, product.devKey());
    }

    /// The same with another key.
    Map<String, Long> spawn(List<String> tasks, String priority, String key) {
        Map<String, Long> answered = new ConcurrentHashMap<>();
        List<Future<?>> parts = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int part = 0; part < CLIENTS; part++) {
                int first = part;
                parts.add(clients.submit(() -> spawn(tasks, first, priority, key, answered)));
            }
        }
        try {
            for (Future<?> part : parts) {
                part.get();
            }
        } catch (ExecutionException | InterruptedException failed) {
            throw new IllegalStateException("not all agents were spawned", failed);
        }
        return answered;
    }

    private void spawn(
            List<String> tasks,
            int first,
            String priority,
            String key,
            Map<String, Long> answered) {
        try (BlockingClient client = BlockingClient.connect(product.gateway())) {
            for (int i = first; i < tasks.size(); i += CLIENTS) {
                String body =
                        "{\"model\":\"k2p5\",\"task\":\"%s\",\"priority\":\"%s\",\"timeout\":600}"
                                .formatted(tasks.get(i), priority);
                BlockingClient.Answer answer =
                        client.exchange(HttpRequest.post("/api/spawn", key, body));
                if (answer.status() != 200) {
                    throw new IllegalStateException("a spawn was answered with " + answer.status());
                }
                answered.put(
                        JSON.readTree(answer.body()).path("agent_id").asString(""),
                        answer.nanoTime());
            }
        } catch (IOException broken) {
            throw new UncheckedIOException("the gateway did not answer", broken);
        }
    }
}
