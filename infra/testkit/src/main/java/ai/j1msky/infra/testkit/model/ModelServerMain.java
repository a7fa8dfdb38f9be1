package ai.j1msky.infra.testkit.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Runs the [ModelServer] as a process: `--bind ADDRESS` (absent: loopback) `--port P` (0 or absent: a free one)
/// `--log FILE`. Prints its URL when ready.
public final class ModelServerMain {

    private ModelServerMain() {}

    public static void main(String[] arguments) throws InterruptedException, UnknownHostException {
        InetAddress address = InetAddress.getLoopbackAddress();
        int port = 0;
        @Nullable Path log = null;
        for (int at = 0; at + 1 < arguments.length; at += 2) {
            String value = arguments[at + 1];
            switch (arguments[at]) {
                case "--bind" -> address = InetAddress.getByName(value);
                case "--port" -> port = Integer.parseInt(value);
                case "--log" -> log = Path.of(value);
                default -> throw new IllegalArgumentException("unknown option " + arguments[at]);
            }
        }
        try (ModelServer server = ModelServer.start(address, port, log)) {
            System.out.println(server.url());
            Thread.currentThread().join();
        }
    }
}
