package ai.j1msky.notifier.send;

import ai.j1msky.common.webhook.TargetRules;
import ai.j1msky.common.webhook.WebhookSecret;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// Posts deliveries as Standard Webhooks says: HTTP/1.1, signed, no redirects, fifteen seconds in all. The host is looked up
/// once; the connection goes to the address that was checked and to no other. Blocks; thread-safe.
public final class Sender implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

    /// In all, and to one host: how many an endpoint may have is the gate's matter, and those of one host that hang must
    /// not keep its others waiting.
    private static final int MOST_CONNECTIONS = 300;

    private static final int MOST_READ = 4 * 1024;
    private static final int GONE = 410;

    private final TargetRules rules;
    private final Lookup lookup;
    private final Duration limit;
    private final Clock clock;
    private final CloseableHttpClient http;
    private final ScheduledExecutorService watchdog =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("send-watchdog").daemon().factory());

    /// Where a host is.
    interface Lookup {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    public Sender(TargetRules rules) {
        this(rules, InetAddress::getAllByName, LIMIT, Clock.systemUTC());
    }

    Sender(TargetRules rules, Lookup lookup, Duration limit, Clock clock) {
        this.rules = rules;
        this.lookup = lookup;
        this.limit = limit;
        this.clock = clock;
        Timeout patience = Timeout.of(limit);
        PoolingHttpClientConnectionManager connections =
                PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(MOST_CONNECTIONS)
                        .setMaxConnPerRoute(MOST_CONNECTIONS)
                        .setDefaultSocketConfig(
                                SocketConfig.custom().setSoTimeout(patience).build())
                        .setDefaultConnectionConfig(
                                ConnectionConfig.custom()
                                        .setConnectTimeout(patience)
                                        .setSocketTimeout(patience)
                                        .setTimeToLive(TimeValue.ofSeconds(30))
                                        .build())
                        .build();
        this.http =
                HttpClients.custom()
                        .setConnectionManager(connections)
                        .setUserAgent("J1MSKY-Webhook/1")
                        .setDefaultRequestConfig(
                                RequestConfig.custom()
                                        .setConnectionRequestTimeout(patience)
                                        .setResponseTimeout(patience)
                                        .setProtocolUpgradeEnabled(false)
                                        .build())
                        .disableRedirectHandling()
                        .disableAutomaticRetries()
                        .disableCookieManagement()
                        .disableAuthCaching()
                        .disableContentCompression()
                        .evictExpiredConnections()
                        .evictIdleConnections(TimeValue.ofSeconds(10))
                        .build();
    }

    /// Sends once.
    public Answer send(Envelope envelope) {
        URI url = envelope.url();
        HttpHost target;
        try {
            InetAddress[] addresses = lookup.of(url.getHost());
            if (!rules.allow(url, addresses)) {
                return new Answer.Unreachable("not_allowed");
            }
            // With its address: nothing looks the name up again.
            target =
                    new HttpHost(
                            url.getScheme(), addresses[0], url.getHost(), TargetRules.portOf(url));
        } catch (UnknownHostException unknown) {
            return new Answer.Unreachable("unknown_host");
        }
        HttpPost post = post(envelope);
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> deadline =
                watchdog.schedule(
                        () -> {
                            late.set(true);
                            post.cancel();
                        },
                        limit.toMillis(),
                        TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse response = http.executeOpen(target, post, null);
            Answer answer = answer(response);
            leave(response, post);
            return answer;
        } catch (SSLException refused) {
            return new Answer.Unreachable(late.get() ? "timeout" : "tls");
        } catch (HttpHostConnectException refused) {
            return new Answer.Unreachable(late.get() ? "timeout" : "connect");
        } catch (SocketTimeoutException slow) {
            return new Answer.Unreachable("timeout");
        } catch (IOException broken) {
            return new Answer.Unreachable(late.get() ? "timeout" : "broken");
        } finally {
            deadline.cancel(false);
        }
    }

    private HttpPost post(Envelope envelope) {
        URI url = envelope.url();
        String path =
                url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        HttpPost post =
                new HttpPost(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery());
        long timestamp = clock.instant().getEpochSecond();
        post.setHeader("webhook-id", envelope.deliveryId());
        post.setHeader("webhook-timestamp", Long.toString(timestamp));
        post.setHeader("webhook-signature", signature(envelope, timestamp));
        post.setHeader("webhook-sequence", Long.toString(envelope.sequence()));
        post.setEntity(new ByteArrayEntity(envelope.body(), ContentType.APPLICATION_JSON));
        return post;
    }

    /// `v1,` and the base64 of an HMAC-SHA256 over id, timestamp and body joined by dots; one for each secret, parted by
    /// blanks.
    static String signature(Envelope envelope, long timestamp) {
        String body = new String(envelope.body(), StandardCharsets.UTF_8);
        return envelope.secrets().stream()
                .map(secret -> sign(secret, envelope.deliveryId(), timestamp, body))
                .collect(Collectors.joining(" "));
    }

    private static String sign(WebhookSecret secret, String id, long timestamp, String body) {
        try {
            return new Webhook(secret.key()).sign(id, timestamp, body);
        } catch (EmptyWebhookSecretException | WebhookSigningException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Answer answer(ClassicHttpResponse response) {
        int status = response.getCode();
        if (status >= 200 && status < 300) {
            return new Answer.Accepted(status);
        }
        return status == GONE
                ? new Answer.Gone()
                : new Answer.Refused(status, retryAfter(response.getFirstHeader("Retry-After")));
    }

    private @Nullable Duration retryAfter(@Nullable Header header) {
        String text = header == null ? null : header.getValue();
        if (text == null) {
            return null;
        }
        Duration asked;
        try {
            asked =
                    text.matches("[0-9]{1,9}")
                            ? Duration.ofSeconds(Long.parseLong(text))
                            : Duration.between(
                                    clock.instant(),
                                    Instant.from(
                                            ZonedDateTime.parse(
                                                    text, DateTimeFormatter.RFC_1123_DATE_TIME)));
        } catch (DateTimeException unreadable) {
            return null;
        }
        if (asked.isNegative()) {
            return null;
        }
        return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
    }

    /// What it says beside its status does not matter; a connection whose answer has no end is not used again.
    private static void leave(ClassicHttpResponse response, HttpPost post) {
        try (response) {
            boolean isRead =
                    response.getEntity() == null
                            || response.getEntity().getContent().readNBytes(MOST_READ).length
                                    < MOST_READ;
            if (!isRead) {
                post.cancel();
            }
        } catch (IOException broken) {
            post.cancel();
        }
    }

    @Override
    public void close() {
        watchdog.shutdownNow();
        try {
            http.close();
        } catch (IOException ignored) {
            // Nobody sends any more.
        }
    }
}
