package ai.j1msky.worker.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A call that ended without an answer. Its message is shown to the client, so it never holds a prompt, an answer, a
/// key or a provider's raw text.
public final class ModelFailure extends Exception {

    /// Why a call ended without an answer; the names are the public `error.code` in lower case.
    public enum Kind {
        /// 429: the provider allows no more calls now.
        PROVIDER_RATE_LIMITED,
        /// 401, 402 or 403: the provider refuses our key or account.
        PROVIDER_UNAUTHORIZED,
        /// Another 4xx, or a redirect: the provider refuses the request itself.
        PROVIDER_REJECTED,
        /// 408, 5xx, 529: the provider fails or is overloaded.
        PROVIDER_UNAVAILABLE,
        /// No connection, or it broke before the answer began.
        PROVIDER_UNREACHABLE,
        /// The stream broke off, broke the wire format, reported an error after 200, or went over a limit.
        PROVIDER_STREAM,
        /// Nothing came for the idle limit.
        PROVIDER_IDLE,
        /// The model answered that it will not do the task.
        MODEL_REFUSED,
        /// The agent's own timeout passed.
        TIMEOUT,
        /// Stopped from outside through [CallProgress].
        STOPPED,
        /// No worker has what this model needs (a key, a base URL).
        PROVIDER_NOT_CONFIGURED,
        /// The sandbox was told to fail, or cannot do what was asked.
        SANDBOX_FAILED;

        /// The public `error.code`.
        public String code() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final Kind kind;
    private final @Nullable Duration retryAfter;

    public ModelFailure(Kind kind, String message) {
        this(kind, message, null, null);
    }

    public ModelFailure(
            Kind kind, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /// The model's own no.
    public static ModelFailure refused() {
        return new ModelFailure(
                Kind.MODEL_REFUSED, "The model declined the task. Change it or use another model.");
    }

    public Kind kind() {
        return kind;
    }

    /// How long the provider asked to be left alone, or null when it did not say.
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
