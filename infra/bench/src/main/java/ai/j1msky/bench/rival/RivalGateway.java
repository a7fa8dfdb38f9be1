package ai.j1msky.bench.rival;

import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.cloud.gateway.filter.ratelimit.KeyResolver;
import org.springframework.cloud.gateway.filter.ratelimit.RedisRateLimiter;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/// Spring Cloud Gateway as a process of its own: `GET /plain` takes a token of the API key's bucket in Redis and goes
/// on to a server that answers at once. The limit is never reached in a bench.
///
/// Arguments: the Redis port and the server's port, both on loopback. Prints `rival ready PORT` when it listens, and
/// ends on SIGTERM.
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class RivalGateway {

    /// What the line on standard output starts with when it listens; the port follows.
    public static final String READY = "rival ready ";

    private static final int TOKENS = 1_000_000;

    /// Serves until the process is told to end.
    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("usage: RivalGateway REDIS_PORT SERVER_PORT");
            System.exit(2);
        }
        new SpringApplicationBuilder(RivalGateway.class)
                .web(WebApplicationType.REACTIVE)
                .properties(
                        Map.of(
                                "server.address", "127.0.0.1",
                                "server.port", "0",
                                "spring.main.banner-mode", "off",
                                "spring.data.redis.host", "127.0.0.1",
                                "spring.data.redis.port", arguments[0],
                                "rival.upstream", "http://127.0.0.1:" + arguments[1]))
                .run();
    }

    @Bean
    RedisRateLimiter limiter() {
        return new RedisRateLimiter(TOKENS, TOKENS);
    }

    @Bean
    KeyResolver caller() {
        return exchange ->
                Mono.justOrEmpty(
                        exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION));
    }

    @Bean
    RouteLocator routes(
            RouteLocatorBuilder builder,
            RedisRateLimiter limiter,
            KeyResolver caller,
            @Value("${rival.upstream}") String upstream) {
        return builder.routes()
                .route(
                        "plain",
                        route ->
                                route.path("/plain")
                                        .filters(
                                                filters ->
                                                        filters.requestRateLimiter(
                                                                limits ->
                                                                        limits.setRateLimiter(
                                                                                        limiter)
                                                                                .setKeyResolver(
                                                                                        caller)))
                                        .uri(upstream))
                .build();
    }

    @EventListener
    void listening(WebServerInitializedEvent event) {
        System.out.println(READY + event.getWebServer().getPort());
    }
}
