package ai.j1msky.gateway;

import ai.j1msky.gateway.problem.BrokenBodies;
import ai.j1msky.gateway.problem.HeadDeadline;
import ai.j1msky.gateway.problem.LingeringClose;
import ai.j1msky.gateway.problem.NettyProblems;
import ai.j1msky.gateway.redis.LoopConnections;
import ai.j1msky.gateway.redis.RedisLink;
import ai.j1msky.gateway.request.RequestIds;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.NettyPipeline;
import reactor.netty.resources.LoopResources;

/// The two network edges, on the same event loops: the HTTP server's limits, and Redis.
@Configuration(proxyBeanMethods = false)
class NettyParts {

    private static final Duration REDIS_PATIENCE = Duration.ofMillis(800);
    private static final Duration REDIS_AGAIN = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofSeconds(75);
    private static final Duration HEAD_PATIENCE = Duration.ofSeconds(10);
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(15);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
    private static final String LINGERING_CLOSE = "j1msky.lingering-close";
    private static final String ANSWER_DEADLINE = "j1msky.answer-deadline";
    private static final String PROBLEMS = "j1msky.problems";
    private static final String BROKEN_BODIES = "j1msky.broken-bodies";
    private static final String HEAD_BYTES = "j1msky.head-bytes";
    private static final String HEAD_DEADLINE = "j1msky.head-deadline";

    @Bean
    NettyServerCustomizer edge() {
        return server ->
                server.idleTimeout(IDLE)
                        .doOnChannelInit((observer, channel, address) -> guard(channel.pipeline()));
    }

    /// Whoever gives it a certificate gets TLS 1.3 and nothing older.
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> newestTls() {
        return factory -> {
            Ssl ssl = factory.getSsl();
            if (ssl != null && ssl.getEnabledProtocols() == null) {
                ssl.setEnabledProtocols(new String[] {"TLSv1.3"});
            }
        };
    }

    /// From the network inwards: deadline of answers, bytes, codec, problems, deadline, broken bodies, and then Reactor Netty.
    private static void guard(ChannelPipeline pipeline) {
        HeadDeadline deadline = new HeadDeadline(HEAD_PATIENCE);
        NettyProblems problems =
                new NettyProblems(RequestIds.HEADER, () -> RequestIds.next().value());
        pipeline.addFirst(LINGERING_CLOSE, new LingeringClose(CLOSE_PATIENCE))
                // In front: who reads nothing needs no gentle close.
                .addFirst(
                        ANSWER_DEADLINE,
                        new WriteTimeoutHandler(ANSWER_PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        pipeline.addBefore(NettyPipeline.HttpCodec, HEAD_BYTES, deadline.bytes())
                .addAfter(NettyPipeline.HttpCodec, BROKEN_BODIES, new BrokenBodies())
                .addAfter(NettyPipeline.HttpCodec, HEAD_DEADLINE, deadline)
                .addAfter(NettyPipeline.HttpCodec, PROBLEMS, problems);
    }

    /// As many loops as cores: everything that a request does is done on one of them.
    @Bean(destroyMethod = "dispose")
    LoopResources loops() {
        return LoopResources.create("http", Runtime.getRuntime().availableProcessors(), true);
    }

    @Bean
    ReactorResourceFactory reactorResources(LoopResources loops) {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResources(loops);
        return resources;
    }

    @Bean(destroyMethod = "shutdown")
    ClientResources redisResources() {
        return ClientResources.builder()
                .computationThreadPoolSize(2)
                // By default it would wait for up to half a minute.
                .reconnectDelay(Delay.constant(REDIS_AGAIN))
                .build();
    }

    @Bean(destroyMethod = "close")
    LoopConnections redisConnections(
            LoopResources loops,
            ClientResources resources,
            @Value("${spring.data.redis.host}") String host,
            @Value("${spring.data.redis.port}") int port) {
        ClientOptions options =
                ClientOptions.builder()
                        .autoReconnect(true)
                        // While it is away every command fails at once instead of queueing.
                        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                        .requestQueueSize(20_000)
                        .timeoutOptions(TimeoutOptions.enabled(REDIS_PATIENCE))
                        .socketOptions(
                                SocketOptions.builder()
                                        .connectTimeout(Duration.ofSeconds(1))
                                        .build())
                        .build();
        return new LoopConnections(
                loops.onServer(LoopResources.DEFAULT_NATIVE),
                resources,
                RedisURI.builder().withHost(host).withPort(port).build(),
                options);
    }

    @Bean
    RedisLink viewStore(LoopConnections connections) {
        return new RedisLink(connections);
    }
}
