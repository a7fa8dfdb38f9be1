package ai.j1msky.gateway.address;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.network.Address;
import ai.j1msky.common.network.Network;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {

    private static final TrustedProxies PROXIES =
            new TrustedProxies(
                    Stream.of("10.0.0.0/8", "192.0.2.1", "2001:db8:f::/48")
                            .map(Network::parse)
                            .toList());

    private static Address address(String text) {
        return Address.find(text).orElseThrow();
    }

    private static String client(String peer, String... lines) {
        return PROXIES.client(address(peer), List.of(lines)).toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    203.0.113.5     | 10.0.0.1                              | 203.0.113.5
                    203.0.113.5     | 198.51.100.7                          | 203.0.113.5
                    10.0.0.1        | 198.51.100.7                          | 198.51.100.7
                    ::ffff:10.0.0.1 | 198.51.100.7                          | 198.51.100.7
                    2001:db8:f::1   | 2001:db8::7                           | 2001:db8::7
                    10.0.0.1        | 1.1.1.1, 198.51.100.7                 | 198.51.100.7
                    10.0.0.1        | 10.9.9.9, 198.51.100.7                | 198.51.100.7
                    10.0.0.1        | 1.1.1.1,198.51.100.7,192.0.2.1,10.2.2.2 | 198.51.100.7
                    10.0.0.1        | 10.0.0.3, 10.0.0.2                    | 10.0.0.3
                    10.0.0.1        | ::ffff:198.51.100.7                   | 198.51.100.7
                    10.0.0.1        | 198.51.100.7:4711                     | 198.51.100.7
                    10.0.0.1        | [2001:db8::7]:4711                    | 2001:db8::7
                    10.0.0.1        | [2001:db8::7]                         | 2001:db8::7
                    10.0.0.1        | 2001:db8::7                           | 2001:db8::7
                    10.0.0.1        | unknown                               | 10.0.0.1
                    10.0.0.1        | 198.51.100.7, unknown                 | 10.0.0.1
                    10.0.0.1        | 198.51.100.7, unknown, 10.0.0.2       | 10.0.0.2
                    10.0.0.1        | 198.51.100.7,                         | 10.0.0.1
                    10.0.0.1        | ,                                     | 10.0.0.1
                    10.0.0.1        | 198.51.100.7,,10.0.0.2                | 10.0.0.2
                    10.0.0.1        | 127.1                                 | 10.0.0.1
                    10.0.0.1        | 010.0.0.7                             | 10.0.0.1
                    10.0.0.1        | 198.51.100.0/24                       | 10.0.0.1
                    10.0.0.1        | 198.51.100.7 10.0.0.2                 | 10.0.0.1
                    10.0.0.1        | "198.51.100.7"                        | 10.0.0.1
                    10.0.0.1        | for=198.51.100.7                      | 10.0.0.1
                    """)
    void theRightMostHopThatIsNotTrustedIsTheClient(String peer, String header, String client) {
        assertThat(client(peer, header)).isEqualTo(client);
    }

    @Test
    void withoutAHeaderThePeerIsTheClient() {
        assertThat(client("10.0.0.1")).isEqualTo("10.0.0.1");
        assertThat(client("10.0.0.1", "")).isEqualTo("10.0.0.1");
    }

    @Test
    void severalLinesAreOneList() {
        assertThat(client("10.0.0.1", "1.1.1.1", "198.51.100.7, 10.0.0.3", "10.0.0.2"))
                .isEqualTo("198.51.100.7");
    }

    @Test
    void withoutTrustedProxiesNothingIsBelieved() {
        // Given
        TrustedProxies none = new TrustedProxies(List.of());

        // When
        Address client = none.client(address("127.0.0.1"), List.of("198.51.100.7"));

        // Then
        assertThat(client).hasToString("127.0.0.1");
    }

    @Test
    void aForgedChainCostsLittle() {
        // Given
        List<String> trusted = List.of(String.join(",", Collections.nCopies(100_000, "10.0.0.1")));
        List<String> nonsense = List.of("[" + ":".repeat(1_000_000));

        // When / Then
        Assertions.assertTimeout(
                Duration.ofSeconds(5),
                () -> {
                    for (int i = 0; i < 1_000; i++) {
                        PROXIES.client(address("10.0.0.1"), trusted);
                    }
                    assertThat(PROXIES.client(address("10.0.0.1"), nonsense))
                            .hasToString("10.0.0.1");
                });
    }
}
