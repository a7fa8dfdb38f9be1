package ai.j1msky.common.pii;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.j1msky.common.log.WireJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PiiFinderTest {

    private static void assertFound(PiiType type, String find) {
        for (String around : List.of("%s", "Here: %s.", "(%s)", "a %s, b", "\n%s\n", "„%s“")) {
            String text = around.formatted(find);
            assertThat(PiiFinder.find(text))
                    .as(text)
                    .containsExactly(
                            new PiiFinder.Span(
                                    type,
                                    around.indexOf("%s"),
                                    around.indexOf("%s") + find.length()));
        }
    }

    private static void assertNothing(String text) {
        assertThat(PiiFinder.find(text)).as(text).isEmpty();
    }

    @Nested
    class Emails {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ada@example.com",
                    "ada.lovelace+notes@mail.example.co.uk",
                    "o'brien@example.org",
                    "jörg@bücher.example",
                    "a@b.io",
                    "x_y-z@sub-domain.example.museum",
                    "post@xn--bcher-kva.xn--p1ai"
                })
        void areFound(String email) {
            assertFound(PiiType.EMAIL, email);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "@handle",
                    "ada@",
                    "ada@localhost",
                    "ada@example.c0m",
                    "ada@-example.com",
                    "3 @ 4.50",
                    "a.@example.com",
                    "ssh://git@host",
                    "@Override public void run()"
                })
        void areNotSeenInWhatIsNone(String text) {
            assertNothing(text);
        }
    }

    @Nested
    class Phones {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "+49 30 901820",
                    "+1 415-555-2671",
                    "+44 20 7946 0958",
                    "+33 1 42 68 53 00",
                    "(+34) 912 345 678",
                    "0049 30 901820",
                    "030 901820-44",
                    "(415) 555-2671",
                    "415-555-2671",
                    "01 42 68 53 00",
                    "020 7946 0958"
                })
        void areFound(String phone) {
            List<PiiFinder.Span> found = PiiFinder.find("Call " + phone + " today");
            assertThat(found)
                    .as(phone)
                    .singleElement()
                    .satisfies(span -> assertThat(span.type()).isEqualTo(PiiType.PHONE));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "2026-11-27T12:30:00.123Z",
                    "01/02/2026 12:30",
                    "27.11.2026",
                    "order 4711-0815-4242",
                    "subagent_1732000000_123456789012",
                    "1732000000",
                    "3.141592653589793",
                    "1,234,567.89",
                    "550e8400-e29b-41d4-a716-446655440000",
                    "pages 100-200",
                    "ISBN 978-3-16-148410-0",
                    "v1.2.3-rc4",
                    "$1 200 300",
                    "0.0000001",
                    "#123456789"
                })
        void areNotSeenInOtherNumbers(String text) {
            assertNothing(text);
        }
    }

    @Nested
    class NumbersWithCheckDigits {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "4111111111111111",
                    "4111 1111 1111 1111",
                    "5555-5555-5555-4444",
                    "378282246310005",
                    "3782 822463 10005"
                })
        void cardsAreFound(String card) {
            assertFound(PiiType.CARD, card);
        }

        @ParameterizedTest
        @ValueSource(strings = {"4111111111111112", "1234567890123456", "0000000000000000"})
        void aWrongCheckDigitIsNoCard(String text) {
            assertNothing(text);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "DE89370400440532013000",
                    "DE89 3704 0044 0532 0130 00",
                    "GB82 WEST 1234 5698 7654 32",
                    "FR1420041010050500013M02606",
                    "NO9386011117947"
                })
        void ibansAreFound(String iban) {
            assertFound(PiiType.IBAN, iban);
        }

        @Test
        void wordsInCapitalsMayFollowAnIban() {
            assertThat(PiiFinder.masked("PAY TO DE89 3704 0044 0532 0130 00 TODAY"))
                    .isEqualTo("PAY TO [iban] TODAY");
        }

        @ParameterizedTest
        @ValueSource(strings = {"DE89370400440532013001", "AB12 CDEF 3456 7890 1234"})
        void aWrongCheckDigitIsNoIban(String text) {
            assertNothing(text);
        }
    }

    @Nested
    class Addresses {

        @ParameterizedTest
        @ValueSource(
                strings = {"192.168.1.100", "8.8.8.8", "2001:db8::7", "fe80::1", "::ffff:10.0.0.1"})
        void areFound(String address) {
            assertThat(PiiFinder.count("from " + address + " at noon").counts())
                    .isEqualTo(Map.of(PiiType.IP, 1));
        }

        @Test
        void aPortIsNotPartOfIt() {
            assertThat(PiiFinder.masked("http://10.1.2.3:8080/x")).isEqualTo("http://[ip]:8080/x");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "12:30:45",
                    "1.2.3",
                    "256.1.1.1",
                    "1.2.3.4.5",
                    "std::vector",
                    "a::b",
                    "::",
                    "see 3.2.1.",
                    "deadbeef",
                    "AA:BB:CC:DD:EE:FF"
                })
        void areNotSeenInWhatIsNone(String text) {
            assertNothing(text);
        }
    }

    @Nested
    class Keys {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "live_sk_0123456789abcdefghijABCDEFGHIJ01234567",
                    "sk-ant-api03-abcdefghijklmnopqrstuvwxyz",
                    "AKIAIOSFODNN7EXAMPLE",
                    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
                    "xoxb-123456789012-abcdefghij",
                    "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
                    "sk_live_0123456789abcdefghij",
                    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.dozjgNryP4J3jVmNHl0w5N",
                    "Bearer 0123456789abcdef0123456789abcdef"
                })
        void areFound(String key) {
            assertFound(PiiType.KEY, key);
        }

        @Test
        void aPrivateKeyIsFoundWholeAndCutOff() {
            String key =
                    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----";
            assertThat(PiiFinder.masked("a\n" + key + "\nb")).isEqualTo("a\n[key]\nb");
            assertThat(PiiFinder.masked("a\n" + key.substring(0, 45))).isEqualTo("a\n[key]");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"sk-", "bearer of news", "-----BEGIN CERTIFICATE-----\nMII", "AKIA123"})
        void areNotSeenInWhatIsNone(String text) {
            assertNothing(text);
        }
    }

    @Test
    void whatOverlapsCountsOnce() {
        assertThat(PiiFinder.count("mail 4111111111111111@example.com").counts())
                .isEqualTo(Map.of(PiiType.EMAIL, 1));
        assertThat(PiiFinder.count("sk-0123456789abcdefghijk@example.com").counts())
                .isEqualTo(Map.of(PiiType.KEY, 1));
    }

    @Test
    void maskingLeavesTheRestAsItIsAndFindsNothingMore() {
        String text = "Ada <ada@example.com>, +49 30 901820: „4111 1111 1111 1111“ 🎉\0";

        String masked = PiiFinder.masked(text);

        assertThat(masked).isEqualTo("Ada <[email]>, [phone]: „[card]“ 🎉\0");
        assertThat(PiiFinder.masked(masked)).isEqualTo(masked);
    }

    @Test
    void countsAreAnObjectInJson() {
        PiiCounts counts = PiiFinder.count("a@example.com b@example.com 8.8.8.8");

        String json = WireJson.MAPPER.writeValueAsString(counts);

        assertThat(json).isEqualTo("{\"email\":2,\"ip\":1}");
        assertThat(WireJson.MAPPER.readValue(json, PiiCounts.class)).isEqualTo(counts);
        assertThat(counts.plus(counts).counts()).containsEntry(PiiType.EMAIL, 4);
        assertThatIllegalArgumentException().isThrownBy(() -> new PiiCounts(Map.of(PiiType.IP, 0)));
    }

    /// Lines of the kind that people write, with what should be found in front.
    @ParameterizedTest
    @MethodSource("corpus")
    void theCorpusIsReadAsAPersonWould(String expected, String line) {
        assertThat(WireJson.MAPPER.writeValueAsString(PiiFinder.count(line)))
                .as(line)
                .isEqualTo(expected);
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> corpus() throws IOException {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        PiiFinderTest.class.getResourceAsStream("corpus.tsv")),
                                StandardCharsets.UTF_8))) {
            return lines.lines().toList().stream()
                    .filter(line -> !line.startsWith("//"))
                    .map(line -> line.split("\t", 2))
                    .map(
                            parts ->
                                    org.junit.jupiter.params.provider.Arguments.of(
                                            parts[0], parts[1]));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "a@",
                "a@a.",
                "+1",
                "(1",
                "1 ",
                "1-",
                ":",
                ".",
                "1.",
                "a:",
                "0 1 ",
                "DE12 ",
                "sk-",
                "eyJ-",
                "eyJa.",
                "bearer ",
                "-----BEGIN ",
                "-----BEGIN PRIVATE KEY-----",
                " ",
                "\ud800",
                "@",
                "A1",
                "live_sk_",
                "4111 "
            })
    void anyLengthOfAnythingIsReadInTimeThatGrowsWithIt(String piece) {
        String text = piece.repeat(200_000 / piece.length());
        assertThat(PiiFinder.find(text)).isNotNull();
    }
}
