package ai.j1msky.bench.floor;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/// The floor as a process of its own.
///
/// - `GET /floor1`: one EVALSHA of a token bucket, then a small JSON answer.
/// - `GET /plain`: the answer alone, for proxies in front of it.
/// - `POST /floor2`: the same, and the request's body appended to a topic and acknowledged before the answer.
///
/// Arguments: the Kafka bootstrap address and the Redis port on loopback. Prints `floor ready PORT` when it listens,
/// and ends on SIGTERM.
public final class FloorServer {

    /// What the line on standard output starts with when the server listens; the port follows.
    public static final String READY = "floor ready ";

    private static final ByteBuf ANSWER =
            Unpooled.unreleasableBuffer(
                    Unpooled.directBuffer()
                            .writeBytes("{\"success\":true}".getBytes(StandardCharsets.US_ASCII)));
    private static final String ANSWER_LENGTH = Integer.toString(ANSWER.readableBytes());

    private final TokenBucket bucket;
    private final FloorTopic topic;

    private FloorServer(TokenBucket bucket, FloorTopic topic) {
        this.bucket = bucket;
        this.topic = topic;
    }

    /// Serves until the process is told to end.
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 2) {
            System.err.println("usage: FloorServer KAFKA_BOOTSTRAP REDIS_PORT");
            System.exit(2);
        }
        RedisURI uri = RedisURI.create("127.0.0.1", Integer.parseInt(arguments[1]));
        RedisClient redis = RedisClient.create(uri);
        try (TokenBucket bucket = new TokenBucket(redis);
                FloorTopic topic = new FloorTopic(arguments[0])) {
            FloorServer floor = new FloorServer(bucket, topic);
            DisposableServer server =
                    HttpServer.create().host("127.0.0.1").port(0).handle(floor::answer).bindNow();
            System.out.println(READY + server.port());
            server.onDispose().block();
        } finally {
            redis.shutdown();
        }
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return switch (request.uri()) {
            case "/plain" -> reply(response, 1);
            case "/floor1" -> take().flatMap(allowed -> reply(response, allowed));
            case "/floor2" ->
                    request.receive()
                            .aggregate()
                            .asByteArray()
                            .flatMap(body -> take().flatMap(allowed -> append(body, allowed)))
                            .flatMap(allowed -> reply(response, allowed));
            default -> response.sendNotFound();
        };
    }

    private Mono<Long> take() {
        return Mono.fromCompletionStage(bucket.take());
    }

    private Mono<Long> append(byte[] body, long allowed) {
        return allowed == 1
                ? Mono.fromCompletionStage(topic.append(body)).thenReturn(allowed)
                : Mono.just(allowed);
    }

    private static Mono<Void> reply(HttpServerResponse response, long allowed) {
        if (allowed != 1) {
            return response.status(HttpResponseStatus.TOO_MANY_REQUESTS).send();
        }
        return response.header(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .header(HttpHeaderNames.CONTENT_LENGTH, ANSWER_LENGTH)
                .sendObject(ANSWER.duplicate())
                .then();
    }
}
