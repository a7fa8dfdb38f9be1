package ai.j1msky.gateway.limit;

import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/// What one request takes before anything else is done for it: a token of its address, and one of its API key at the
/// endpoint. The script that serves the request takes them (`entry.lua`); what it says of them goes into the
/// `RateLimit` headers (draft-ietf-httpapi-ratelimit-headers-10).
public final class RequestTokens {

    /// For what a gateway does of its own accord.
    public static final RequestTokens NONE = new RequestTokens(null);

    private static final String NOWHERE = "j1:none";
    private static final Figures UNTOLD = new Figures(0, 0, 0);

    private final @Nullable Bucket address;
    private @Nullable Bucket endpoint;
    private @Nullable String signature;
    private Duration remembered = Duration.ZERO;
    private boolean onceOnly;
    private volatile boolean taken;
    private volatile @Nullable Bucket told;
    private volatile Figures figures = UNTOLD;

    /// What Redis says of a bucket: its limit, what is left, and when the next token returns if none is left, else all.
    private record Figures(long limit, long left, long resetMillis) {
        long resetSeconds() {
            return (resetMillis + 999) / 1000;
        }
    }

    RequestTokens(@Nullable Bucket address) {
        this.address = address;
    }

    /// The caller is known now.
    public void from(Bucket bucket) {
        endpoint = bucket;
    }

    /// The request is signed: its signature passes once.
    ///
    /// @param mark the name under which Redis remembers it, for so long
    /// @param changes whether the request changes something. While Redis cannot tell whether it came before, it is
    ///     refused then; reading twice does no harm.
    public void sign(String mark, Duration remember, boolean changes) {
        signature = mark;
        remembered = remember;
        onceOnly = changes;
    }

    /// Whether it may not go on without Redis, whatever the setting says about limits.
    boolean isOnceOnly() {
        return onceOnly;
    }

    /// Only the address pays.
    public RequestTokens withoutEndpoint() {
        endpoint = null;
        return this;
    }

    /// Whether a script was asked to take them.
    public boolean isTaken() {
        return taken;
    }

    /// Keys and arguments of `entry.lua`. When one request asks more than once, its address pays the first time only.
    public record Taking(List<String> keys, List<String> arguments) {

        /// A script's own arguments, and then these.
        public String[] argumentsAfter(String... own) {
            String[] all = Arrays.copyOf(own, own.length + arguments.size());
            for (int i = 0; i < arguments.size(); i++) {
                all[own.length + i] = arguments.get(i);
            }
            return all;
        }
    }

    public Taking take() {
        Bucket whence = taken ? null : address;
        Bucket mine = endpoint;
        String mark = taken ? null : signature;
        taken = true;
        return new Taking(
                List.of(
                        whence == null ? NOWHERE : whence.key(),
                        endpointKey(),
                        mark == null ? NOWHERE : mark),
                List.of(
                        whence == null ? "0" : whence.limit(),
                        whence == null ? "0" : whence.window(),
                        mine == null ? "0" : mine.limit(),
                        mine == null ? "0" : mine.window(),
                        mark == null ? "0" : Long.toString(remembered.toMillis())));
    }

    /// Where the endpoint's bucket lies.
    public String endpointKey() {
        Bucket mine = endpoint;
        return mine == null ? NOWHERE : mine.key();
    }

    /// Where the address's bucket lies.
    String addressKey() {
        return address == null ? NOWHERE : address.key();
    }

    /// Takes note of a script's answer `{outcome, total, …}`.
    ///
    /// @throws ProblemException 429 when it refused the request
    public void settle(List<Object> answer) {
        if ("refused".equals(answer.getFirst())) {
            String by = (String) answer.get(2);
            if ("address".equals(by)) {
                tell(address, (List<?>) answer.get(4));
            } else if ("key".equals(by)) {
                tell(endpoint, (List<?>) answer.get(4));
            }
            if ("replayed".equals(by)) {
                throw ProblemException.of(Problem.SIGNATURE_REPLAYED)
                        .withHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            }
            throw refusal(by, ((Long) answer.get(3) + 999) / 1000);
        }
        tell(endpoint, (List<?>) answer.get(2));
    }

    private static ProblemException refusal(String by, long seconds) {
        Problem problem =
                switch (by) {
                    case "address" -> Problem.ADDRESS_LIMITED;
                    case "cost" -> Problem.COST_LIMITED;
                    case "daily" -> Problem.DAILY_BUDGET;
                    case "monthly" -> Problem.MONTHLY_BUDGET;
                    case "key daily" -> Problem.KEY_DAILY_BUDGET;
                    case "key monthly" -> Problem.KEY_MONTHLY_BUDGET;
                    default -> Problem.RATE_LIMITED;
                };
        return ProblemException.retryAfter(problem, (int) seconds);
    }

    private void tell(@Nullable Bucket bucket, List<?> words) {
        if (bucket != null && words.size() == 3) {
            figures = new Figures((Long) words.get(0), (Long) words.get(1), (Long) words.get(2));
            told = bucket;
        }
    }

    /// Adds what is known by now.
    public void writeTo(HttpHeaders headers) {
        Bucket bucket = told;
        if (bucket != null) {
            Figures known = figures;
            String name = '"' + bucket.policy() + '"';
            long window = bucket.rate().window().toSeconds();
            headers.set("RateLimit-Policy", name + ";q=" + known.limit() + ";w=" + window);
            headers.set("RateLimit", name + ";r=" + known.left() + ";t=" + known.resetSeconds());
        }
    }
}
