package ai.j1msky.gateway.request;

import ai.j1msky.gateway.problem.Envelope;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/// Around every request: gives it an id, turns every failure into the error envelope, counts it, and writes one line
/// about it. What went well is logged at DEBUG, all else at INFO: a busy gateway should not spend itself on its log,
/// and what an agent was asked and when is on the other log for good.
public final class RequestFilter implements WebFilter {

    /// Where the [Problem] of a refused request is kept, for those that look on from outside.
    public static final String PROBLEM = Problem.class.getName();

    private static final Logger log = LoggerFactory.getLogger(RequestFilter.class);

    private final MeterRegistry meters;
    private final String labelAttribute;
    private final Map<Outcome, Timer> timers = new ConcurrentHashMap<>();

    private record Outcome(String label, int status) {}

    /// @param labelAttribute the exchange attribute that names the endpoint
    public RequestFilter(MeterRegistry meters, String labelAttribute) {
        this.meters = meters;
        this.labelAttribute = labelAttribute;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        long start = System.nanoTime();
        String id = RequestIds.next().value();
        HttpHeaders headers = exchange.getResponse().getHeaders();
        headers.set(RequestIds.HEADER, id);
        headers.setCacheControl("no-store");
        exchange.getResponse().beforeCommit(() -> closeIfUnread(exchange));
        return chain.filter(exchange)
                .onErrorResume(failure -> fail(exchange, id, failure))
                .doFinally(signal -> finished(exchange, id, System.nanoTime() - start));
    }

    private static Mono<Void> fail(ServerWebExchange exchange, String id, Throwable failure) {
        ProblemException problem = problemOf(id, failure);
        exchange.getAttributes().put(PROBLEM, problem.problem());
        ServerHttpResponse response = exchange.getResponse();
        if (response.isCommitted()) {
            return Mono.error(failure);
        }
        response.setStatusCode(HttpStatusCode.valueOf(problem.problem().status()));
        // What was announced is not what is sent.
        response.getHeaders().clearContentHeaders();
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        problem.headers().forEach(response.getHeaders()::set);
        if (problem.retryAfterSeconds() > 0) {
            response.getHeaders().set("Retry-After", Integer.toString(problem.retryAfterSeconds()));
        }
        byte[] body = Envelope.of(problem, id);
        response.getHeaders().setContentLength(body.length);
        DataBuffer buffer = response.bufferFactory().wrap(body);
        return response.writeWith(Mono.just(buffer));
    }

    /// The rest of a body may still be on its way: then the connection ends with the answer, whatever it is.
    private static Mono<Void> closeIfUnread(ServerWebExchange exchange) {
        if (StrictBody.isUnread(exchange)) {
            exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "close");
        }
        return Mono.empty();
    }

    private static ProblemException problemOf(String id, Throwable failure) {
        if (failure instanceof ProblemException problem) {
            return problem;
        }
        if (failure instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
            return ProblemException.of(Problem.ofStatus(known.getStatusCode().value()));
        }
        // Class and place only: a message may quote what a client sent.
        StackTraceElement[] trace = failure.getStackTrace();
        // Who hangs up while an answer is written is no failure of ours.
        (failure instanceof AbortedException ? log.atDebug() : log.atError())
                .addKeyValue("requestId", id)
                .addKeyValue("cause", failure.getClass().getName())
                .addKeyValue("at", trace.length == 0 ? "unknown" : trace[0])
                .log("request failed");
        return ProblemException.of(Problem.INTERNAL);
    }

    private void finished(ServerWebExchange exchange, String id, long nanos) {
        HttpStatusCode code = exchange.getResponse().getStatusCode();
        int status = code == null ? 200 : code.value();
        String label = exchange.getAttributeOrDefault(labelAttribute, "other");
        timers.computeIfAbsent(new Outcome(label, status), this::timer)
                .record(Duration.ofNanos(nanos));
        LoggingEventBuilder line = status < 400 ? log.atDebug() : log.atInfo();
        line.addKeyValue("requestId", id)
                .addKeyValue("endpoint", label)
                .addKeyValue("status", status)
                .addKeyValue("micros", nanos / 1_000)
                .log("request");
    }

    private Timer timer(Outcome outcome) {
        return Timer.builder("http.server.requests")
                .description("Requests by endpoint and status")
                .tag("uri", outcome.label())
                .tag("status", Integer.toString(outcome.status()))
                .publishPercentileHistogram(false)
                .register(meters);
    }
}
