package ai.j1msky.worker.http;

import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelFailure.Kind;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Says in our own words why a provider gave no answer; nothing the provider sent is quoted.
final class Refusals {

    private Refusals() {}

    /// The failure that a status other than 2xx means.
    static ModelFailure ofStatus(int status, @Nullable Duration retryAfter) {
        Kind kind =
                switch (status) {
                    case 429 -> Kind.PROVIDER_RATE_LIMITED;
                    case 401, 402, 403 -> Kind.PROVIDER_UNAUTHORIZED;
                    case 408 -> Kind.PROVIDER_UNAVAILABLE;
                    default -> status < 500 ? Kind.PROVIDER_REJECTED : Kind.PROVIDER_UNAVAILABLE;
                };
        return new ModelFailure(kind, sentence(kind) + " (" + status + ").", retryAfter, null);
    }

    private static String sentence(Kind kind) {
        return switch (kind) {
            case PROVIDER_RATE_LIMITED -> "The provider allows no more calls now";
            case PROVIDER_UNAUTHORIZED -> "The provider refused the configured key or account";
            case PROVIDER_UNAVAILABLE -> "The provider is failing or overloaded";
            default -> "The provider refused the request";
        };
    }

    /// The failure of a call that never got a status line.
    ///
    /// The cause is looked at and dropped: for a broken status line, its message quotes what came.
    static ModelFailure beforeHeaders(@Nullable Throwable cause) {
        String reason =
                switch (cause) {
                    case HttpConnectTimeoutException _ ->
                            "The provider did not accept a connection in time.";
                    case ConnectException _ -> "The provider could not be reached.";
                    case SSLException _ -> "No secure connection to the provider could be made.";
                    case null, default ->
                            "The connection to the provider broke before it answered.";
                };
        return new ModelFailure(Kind.PROVIDER_UNREACHABLE, reason);
    }

    static ModelFailure stopped() {
        return new ModelFailure(Kind.STOPPED, "The call was stopped.");
    }

    static ModelFailure timedOut() {
        return new ModelFailure(Kind.TIMEOUT, "The agent's timeout passed while the model worked.");
    }

    static ModelFailure idle(Duration limit) {
        return new ModelFailure(
                Kind.PROVIDER_IDLE, "The provider sent nothing for " + limit.toMillis() + " ms.");
    }

    static ModelFailure stream(String sentence) {
        return new ModelFailure(Kind.PROVIDER_STREAM, sentence);
    }
}
