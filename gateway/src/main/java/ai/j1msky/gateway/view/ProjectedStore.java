package ai.j1msky.gateway.view;

import ai.j1msky.gateway.limit.Limiter;
import ai.j1msky.gateway.limit.RequestTokens;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.redis.RedisLink;
import ai.j1msky.gateway.redis.RedisScript;
import io.lettuce.core.RedisException;
import java.util.List;
import reactor.core.publisher.Mono;

/// Asks Redis for what the projection has put there: one script each, which takes the request's tokens and compares
/// [#floor] with what Redis has. When Redis does not answer, or has less than was seen before, asking fails with 503.
///
/// @param store where it lies
/// @param freshness what was seen before
/// @param limiter told of the tokens
public record ProjectedStore(RedisLink store, Freshness freshness, Limiter limiter) {

    private static final int RETRY_AFTER = 2;

    /// What every script is told first; it answers `stale` when Redis has less.
    public String floor() {
        return freshness.floor();
    }

    /// What the script answers: `{outcome, total, figures, …}`.
    public Mono<List<Object>> ask(
            RequestTokens tokens, RedisScript script, String[] keys, String... arguments) {
        if (!freshness.isOpen()) {
            return Mono.error(unavailable());
        }
        return Mono.fromCompletionStage(() -> store.run(script, keys, arguments))
                .onErrorMap(RedisException.class, away -> unavailable())
                .doOnNext(answer -> settle(tokens, answer));
    }

    private void settle(RequestTokens tokens, List<Object> answer) {
        if ("stale".equals(answer.getFirst())) {
            throw unavailable();
        }
        freshness.saw(Long.parseLong((String) answer.get(1)));
        limiter.settle(tokens, answer);
    }

    private static ProblemException unavailable() {
        return ProblemException.retryAfter(Problem.STORE_UNAVAILABLE, RETRY_AFTER);
    }
}
