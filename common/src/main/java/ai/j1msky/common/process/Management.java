package ai.j1msky.common.process;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/// Health and metrics, on loopback, under the paths that the other services have theirs.
public final class Management implements AutoCloseable {

    private static final String JSON = "application/json";

    private final HttpServer server;
    private final PrometheusMeterRegistry meters;
    private final BooleanSupplier ready;

    /// @param port 0 for any
    /// @param ready whether the process does what it is there for
    /// @throws IOException with a sentence for the operator
    public Management(int port, PrometheusMeterRegistry meters, BooleanSupplier ready)
            throws IOException {
        this.meters = meters;
        this.ready = ready;
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException refused) {
            throw new IOException(
                    "Port %d cannot be used: %s.".formatted(port, refused.getMessage()), refused);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
    }

    public void start() {
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        switch (exchange.getRequestURI().getPath()) {
            case "/actuator/health", "/actuator/health/readiness" -> {
                if (ready.getAsBoolean()) {
                    answer(exchange, 200, JSON, "{\"status\":\"UP\"}");
                } else {
                    answer(exchange, 503, JSON, "{\"status\":\"OUT_OF_SERVICE\"}");
                }
            }
            case "/actuator/health/liveness" -> answer(exchange, 200, JSON, "{\"status\":\"UP\"}");
            case "/actuator/prometheus" ->
                    answer(exchange, 200, "text/plain; version=0.0.4", meters.scrape());
            default -> answer(exchange, 404, JSON, "{\"status\":404}");
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, String text)
            throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
