package ai.j1msky.gateway.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.gateway.Api;
import ai.j1msky.gateway.TestAgency;
import ai.j1msky.gateway.TestAgency.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Two gateways watch a key together, tell what is unusual, and refuse it.
class KeyWatchIT {

    private static final String CONFIG =
            """
            {"limits": {"ip": {"limit": 100000, "window": "1m"}, "default": {"limit": 100000, "window": "1h"}},
             "anomalies": {"window": "10s", "learn": "1m", "requests": 40, "block": "1h"}}
            """;

    private static TestAgency agency;
    private static Gateway first;
    private static Gateway second;
    private static final Later CLOCK = new Later();

    /// A clock that only the test moves on.
    private static final class Later extends Clock {
        private static final Instant START = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        private volatile Duration by = Duration.ZERO;

        @Override
        public ZoneId getZone() {
            return Clock.systemUTC().getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return START.plus(by);
        }
    }

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, InterruptedException {
        Path config = directory.resolve("config.json");
        Files.writeString(config, CONFIG);
        agency = new TestAgency();
        first = agency.gateway(CLOCK, "--j1msky.config=" + config);
        second = agency.gateway(CLOCK, "--j1msky.config=" + config);
    }

    @AfterAll
    static void stop() {
        agency.close();
    }

    private static List<JsonNode> told(MintedKey key) {
        JsonNode page =
                first.api()
                        .get(
                                "/api/security/audit/entries?event=security.violation&key_id="
                                        + key.kept().keyId())
                        .body();
        return StreamSupport.stream(page.path("entries").spliterator(), false)
                .filter(
                        entry ->
                                entry.path("details")
                                        .path("kind")
                                        .asString()
                                        .startsWith("unusual_"))
                .toList();
    }

    private static void use(Api api, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(api.get("/api/rate-limits").status()).isEqualTo(200);
        }
    }

    @Test
    void anUnusualKeyIsToldAndRefusedOnEveryGatewayWhileOthersGoOn() {
        // Given: a key of an hour's habit, a few calls at each gateway
        MintedKey key = agency.mint(KeyEnvironment.LIVE, EnumSet.allOf(Scope.class));
        Api here = first.api().with(key.text().reveal());
        Api there = second.api().with(key.text().reveal());
        use(here, 2);
        use(there, 2);
        String watch = "j1:{" + key.kept().account() + "}:u:" + key.kept().keyId();
        await().atMost(TestAgency.SOON)
                .until(() -> "4".equals(agency.redis.commands().hget(watch, "r")));
        CLOCK.by = Duration.ofMinutes(2);
        use(here, 1);
        await().atMost(TestAgency.SOON)
                .until(() -> "1".equals(agency.redis.commands().hget(watch, "r")));

        // When: neither gateway sees so much that it would be unusual alone
        use(here, 30);
        use(there, 30);

        // Then
        await().atMost(TestAgency.SOON).until(() -> here.get("/api/rate-limits").status() == 429);
        await().atMost(TestAgency.SOON)
                .until(
                        () -> {
                            use(first.api(), 1);
                            return there.get("/api/rate-limits").status() == 429;
                        });
        Api.Answer refused = here.get("/api/rate-limits");
        assertThat(refused.error().path("code").asInt()).isEqualTo(429);
        assertThat(refused.error().path("message").asString()).contains("unusual");
        assertThat(refused.error().path("retry_after").asInt()).isBetween(3_500, 3_600);
        await().atMost(TestAgency.SOON).until(() -> told(key).size() == 1);
        JsonNode details = told(key).getFirst().path("details");
        assertThat(details.path("kind").asString()).isEqualTo("unusual_requests");
        assertThat(details.path("value").asDouble()).isGreaterThan(40);
        assertThat(details.path("usual").asDouble()).isEqualTo(4);
        assertThat(details.path("blocked_until").asString()).isNotEmpty();

        // When
        CLOCK.by = Duration.ofMinutes(65);

        // Then: it ends by itself
        assertThat(here.get("/api/rate-limits").status()).isEqualTo(200);
    }
}
