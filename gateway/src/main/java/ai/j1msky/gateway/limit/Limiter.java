package ai.j1msky.gateway.limit;

import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.config.LimitsConfig;
import ai.j1msky.common.config.ProviderConfig;
import ai.j1msky.common.config.Rate;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.redis.RedisLink;
import ai.j1msky.gateway.redis.RedisScript;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// Gives requests their tokens by the configured limits.
///
/// A limit that Redis cannot count is, by the setting `outage.limits`, open or closed; that concerns requests which need
/// Redis for nothing else.
public final class Limiter {

    /// The window of a provider's calls and of a key's dollars.
    public static final Duration HOUR = Duration.ofHours(1);

    private static final RedisScript PAY = RedisScript.of("buckets", "entry", "pay");
    private static final RedisScript BUDGETS = RedisScript.of("buckets", "budgets");
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
    private static final int RETRY_AFTER = 2;

    private final LimitsConfig limits;
    private final List<ProviderConfig> providers;
    private final boolean closed;
    private final RedisLink redis;

    /// Until when Redis is taken to be away, as [System#nanoTime()] tells the time: while it hangs, only one request in
    /// a while waits for it in vain.
    private volatile long awayUntil = System.nanoTime();

    private final RefusedAddresses refused = new RefusedAddresses();

    public Limiter(AgencyConfig config, RedisLink redis) {
        this.limits = config.limits();
        this.providers = List.copyOf(config.providers().values());
        this.closed = config.closedWithoutRedis();
        this.redis = redis;
    }

    /// The tokens of a request from that address.
    ///
    /// @throws ProblemException 429 when the address is known to have none left
    public RequestTokens ofAddress(String address) {
        Bucket bucket =
                new Bucket(
                        "ip",
                        RedisKeys.address(address, limits.address().window()),
                        limits.address());
        long left = refused.secondsLeft(bucket.key());
        if (left > 0) {
            throw ProblemException.retryAfter(Problem.ADDRESS_LIMITED, (int) left);
        }
        return new RequestTokens(bucket);
    }

    /// A key's bucket at an endpoint.
    ///
    /// @param endpoint for example `POST /spawn`
    public Bucket ofKey(AccountId account, KeyId key, String endpoint) {
        Rate rate = limits.of(key.value(), endpoint);
        return new Bucket(endpoint, RedisKeys.calls(account, key, endpoint, rate.window()), rate);
    }

    /// A provider's calls in an hour; empty when they are not limited.
    public Optional<Bucket> ofProvider(String name) {
        return providers.stream()
                .filter(provider -> provider.name().equals(name) && provider.hourly() > 0)
                .findFirst()
                .map(Limiter::bucketOf);
    }

    private static Bucket bucketOf(ProviderConfig provider) {
        return new Bucket(
                provider.name(),
                RedisKeys.provider(provider.name(), HOUR),
                new Rate(provider.hourly(), HOUR));
    }

    /// Takes the tokens of a request that needs Redis for nothing else.
    public Mono<Void> take(RequestTokens tokens) {
        if (System.nanoTime() - awayUntil < 0) {
            return withoutRedis(tokens);
        }
        RequestTokens.Taking taking = tokens.take();
        return Mono.fromCompletionStage(
                        () ->
                                redis.run(
                                        PAY,
                                        taking.keys().toArray(String[]::new),
                                        taking.arguments().toArray(String[]::new)))
                .doOnNext(answer -> settle(tokens, answer))
                .then()
                .onErrorResume(
                        RedisException.class,
                        away -> {
                            awayUntil = System.nanoTime() + ASK_AGAIN.toNanos();
                            return withoutRedis(tokens);
                        });
    }

    /// Takes the address's token of a request that is refused for another reason, and its signature. Nobody waits for
    /// it: the refusal costs no network, and an address that has nothing left is refused for that from then on.
    public void takeLater(RequestTokens tokens) {
        if (System.nanoTime() - awayUntil < 0) {
            return;
        }
        RequestTokens.Taking taking = tokens.withoutEndpoint().take();
        CompletionStage<List<Object>> _ =
                redis.run(
                                PAY,
                                taking.keys().toArray(String[]::new),
                                taking.arguments().toArray(String[]::new))
                        .whenComplete((answer, away) -> note(tokens, answer));
    }

    private void note(RequestTokens tokens, @Nullable List<Object> answer) {
        if (answer == null) {
            awayUntil = System.nanoTime() + ASK_AGAIN.toNanos();
        } else if ("refused".equals(answer.getFirst()) && "address".equals(answer.get(2))) {
            refused.add(tokens.addressKey(), (Long) answer.get(3));
        } else if (answer.get(2) instanceof List<?> figures
                && figures.size() == 3
                && (Long) figures.get(1) == 0) {
            refused.add(tokens.addressKey(), (Long) figures.get(2));
        }
    }

    private Mono<Void> withoutRedis(RequestTokens tokens) {
        return closed || tokens.isOnceOnly()
                ? Mono.error(ProblemException.retryAfter(Problem.STORE_UNAVAILABLE, RETRY_AFTER))
                : Mono.empty();
    }

    /// Takes note of a script's answer to these tokens.
    ///
    /// @throws ProblemException 429 when it refused the request
    public void settle(RequestTokens tokens, List<Object> answer) {
        if ("refused".equals(answer.getFirst()) && "address".equals(answer.get(2))) {
            refused.add(tokens.addressKey(), (Long) answer.get(3));
        }
        tokens.settle(answer);
    }

    /// How a provider's budget stands.
    public record Budget(String provider, long limit, long left, Instant reset) {}

    /// All limited providers.
    public Mono<List<Budget>> budgets() {
        List<Bucket> buckets =
                providers.stream()
                        .filter(provider -> provider.hourly() > 0)
                        .map(Limiter::bucketOf)
                        .toList();
        String[] keys = buckets.stream().map(Bucket::key).toArray(String[]::new);
        String[] arguments =
                buckets.stream()
                        .flatMap(b -> java.util.stream.Stream.of(b.limit(), b.window()))
                        .toArray(String[]::new);
        return Mono.fromCompletionStage(() -> redis.run(BUDGETS, keys, arguments))
                .map(answer -> budgets(buckets, answer))
                .onErrorMap(
                        RedisException.class,
                        away ->
                                ProblemException.retryAfter(
                                        Problem.STORE_UNAVAILABLE, RETRY_AFTER));
    }

    private static List<Budget> budgets(List<Bucket> buckets, List<Object> answer) {
        long now = (Long) answer.getFirst();
        List<Budget> budgets = new ArrayList<>();
        for (int i = 0; i < buckets.size(); i++) {
            List<?> figures = (List<?>) answer.get(i + 1);
            budgets.add(
                    new Budget(
                            buckets.get(i).policy(),
                            (Long) figures.get(0),
                            (Long) figures.get(1),
                            Instant.ofEpochMilli(now + (Long) figures.get(2))));
        }
        return budgets;
    }
}
