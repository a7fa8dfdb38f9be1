package ai.j1msky.e2e.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// Reads meters of a process.
final class Prometheus {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .build();

    private Prometheus() {}

    /// A meter without labels; not a number when the process does not tell it.
    static double value(URI management, String meter) {
        HttpRequest request =
                HttpRequest.newBuilder(management.resolve("/actuator/prometheus"))
                        .timeout(PATIENCE)
                        .build();
        try {
            return HTTP.send(request, BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(meter + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(meter.length() + 1)))
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException away) {
            return Double.NaN;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
