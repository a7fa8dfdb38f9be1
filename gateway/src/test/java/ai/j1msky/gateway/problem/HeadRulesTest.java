package ai.j1msky.gateway.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8080",
                "127.0.0.1:1",
                "[::1]:8080",
                "[fe80::1]",
                "pi_1.local.",
                "a%20b"
            })
    void aGoodHostIsTaken(String host) {
        // When, Then
        assertThat(HeadRules.refusal(request("HTTP/1.1", "/", host))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "user@a",
                "a/b",
                "a:",
                "a:x",
                "a:123456",
                "[::1",
                "::1",
                "a,b:1:2",
                "é",
                "a#",
                "a?b"
            })
    void aBadHostIsRefused(String host) {
        // When, Then
        for (String version : List.of("HTTP/1.1", "HTTP/1.0")) {
            assertThat(HeadRules.refusal(request(version, "/", host)))
                    .hasValueSatisfying(refusal -> assertThat(refusal.sentence()).contains("Host"));
        }
    }

    @Test
    void onlyOldRequestsMayLackTheirHostAndNoneMayHaveTwo() {
        // When, Then
        assertThat(HeadRules.refusal(request("HTTP/1.0", "/"))).isEmpty();
        assertThat(HeadRules.refusal(request("HTTP/1.1", "/"))).isPresent();
        assertThat(HeadRules.refusal(request("HTTP/1.1", "/", "a", "a"))).isPresent();
        assertThat(HeadRules.refusal(request("HTTP/1.0", "/", "a", "b"))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "//a", "/a?b=/c", "http://a/", "HTTP://a:1/b?c", "http://[::1]/"})
    void aPathOrAnUrlIsATarget(String target) {
        // When, Then
        assertThat(HeadRules.refusal(request("HTTP/1.1", target, "a"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "a",
                "?a",
                "a:80",
                "http:/a",
                "http://",
                "http:///a",
                "http://a",
                "/a#b",
                "http://user@a/",
                "http://a/#b",
                "https://a/",
                "ftp://a/"
            })
    void anythingElseIsNone(String target) {
        // When, Then
        assertThat(HeadRules.refusal(request("HTTP/1.1", target, "a")))
                .hasValueSatisfying(refusal -> assertThat(refusal.sentence()).contains("target"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/3.0", "ICY/1.1"})
    void anotherVersionIsNotSpoken(String version) {
        // When, Then
        assertThat(HeadRules.refusal(request(version, "/", "a")))
                .hasValueSatisfying(
                        refusal ->
                                assertThat(refusal.problem()).isEqualTo(Problem.VERSION_REFUSED));
    }

    private static HttpRequest request(String version, String target, String... hosts) {
        HttpRequest request =
                new DefaultHttpRequest(HttpVersion.valueOf(version), HttpMethod.GET, target);
        request.headers().add("Host", List.of(hosts));
        return request;
    }
}
