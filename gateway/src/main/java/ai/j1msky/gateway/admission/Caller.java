package ai.j1msky.gateway.admission;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.gateway.limit.RequestTokens;
import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.ServerWebExchange;

/// Who a request comes from, once it is admitted.
///
/// @param account whose agents and money it may touch
/// @param key the API key it came with
/// @param livemode false for `dev_sk_` keys
/// @param tokens what the request takes from its limits
public record Caller(AccountId account, KeyId key, boolean livemode, RequestTokens tokens) {

    static final String ATTRIBUTE = Caller.class.getName();

    /// Who an exchange comes from, as far as the door has told; for those that look on from outside.
    public static Optional<Caller> find(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(ATTRIBUTE));
    }

    /// The caller of an admitted request.
    public static Caller of(ServerRequest request) {
        return (Caller)
                request.attribute(ATTRIBUTE)
                        .orElseThrow(
                                () -> new IllegalStateException("the request was not admitted"));
    }
}
