package ai.j1msky.gateway.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// One connection to Redis on each event loop of the HTTP server. A request stays on its loop from its first byte to the
/// last of its answer: no thread is woken for it, and what the requests of one round of a loop ask goes to Redis in one
/// piece.
public final class LoopConnections
        implements Supplier<StatefulRedisConnection<String, String>>, AutoCloseable {

    /// As many commands at most leave together.
    private static final int TOGETHER = 256;

    private final List<OfLoop> all = new ArrayList<>();

    private record OfLoop(
            EventLoop loop,
            RedisClient client,
            StatefulRedisConnection<String, String> connection) {}

    /// Connects on every loop.
    ///
    /// @throws io.lettuce.core.RedisConnectionException when Redis is not there
    public LoopConnections(
            EventLoopGroup loops, ClientResources shared, RedisURI uri, ClientOptions options) {
        for (EventExecutor executor : loops) {
            EventLoop loop = (EventLoop) executor;
            ClientResources resources =
                    shared.mutate()
                            .eventLoopGroupProvider(new Only(loop))
                            .nettyCustomizer(new Together())
                            .build();
            RedisClient client = RedisClient.create(resources, uri);
            client.setOptions(options);
            all.add(new OfLoop(loop, client, client.connect(new Utf8Codec())));
        }
    }

    /// The connection of the calling thread's loop; any, for other threads.
    @Override
    public StatefulRedisConnection<String, String> get() {
        for (OfLoop one : all) {
            if (one.loop.inEventLoop()) {
                return one.connection;
            }
        }
        return all.getFirst().connection;
    }

    @Override
    public void close() {
        for (OfLoop one : all) {
            one.connection.close();
            one.client.shutdown(0, 2, TimeUnit.SECONDS);
        }
    }

    private static final class Together implements NettyCustomizer {
        @Override
        public void afterChannelInitialized(Channel channel) {
            channel.pipeline().addFirst(new FlushConsolidationHandler(TOGETHER, true));
        }
    }

    /// Lends a loop that belongs to somebody else.
    private record Only(EventLoop loop) implements EventLoopGroupProvider {

        @Override
        @SuppressWarnings(
                "unchecked") // Lettuce puts the group into Netty's bootstrap and asks no more of it
        public <T extends EventLoopGroup> T allocate(Class<T> type) {
            return (T) loop;
        }

        @Override
        public int threadPoolSize() {
            return 1;
        }

        @Override
        public Future<Boolean> release(
                EventExecutorGroup group, long quietPeriod, long timeout, TimeUnit unit) {
            return GlobalEventExecutor.INSTANCE.newSucceededFuture(true);
        }

        @Override
        public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
            return GlobalEventExecutor.INSTANCE.newSucceededFuture(true);
        }
    }
}
