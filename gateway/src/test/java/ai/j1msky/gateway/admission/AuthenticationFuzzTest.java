package ai.j1msky.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.apikey.KeyText;
import ai.j1msky.gateway.TestPresented;
import ai.j1msky.gateway.apikey.Presented;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.springframework.http.HttpHeaders;

/// Whatever `Authorization` headers hold, a key is looked up exactly when there is one header with one genuine key,
/// and every other request is refused in the same words.
///
/// Each line of an input is a header; its last `??????` becomes the checksum of what a key would have before it.
class AuthenticationFuzzTest {

    private static final int LONGEST = 400;
    private static final String BASE62 =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final Pattern KEY =
            Pattern.compile("((?:dev|staging|live)_sk_[0-9A-Za-z]{32})([0-9A-Za-z]{6})");
    private static final Pattern UNSUMMED =
            Pattern.compile("((?:dev|staging|live)_sk_[0-9A-Za-z]{32})\\?{6}");
    private static final Presented KNOWN = TestPresented.KEY;

    @FuzzTest
    void onlyOneGenuineKeyIsLookedUp(byte[] bytes) throws NoSuchAlgorithmException {
        if (bytes.length > LONGEST) {
            return;
        }
        List<String> values =
                new String(bytes, StandardCharsets.UTF_8)
                        .lines()
                        .map(AuthenticationFuzzTest::summed)
                        .toList();
        HttpHeaders headers = new HttpHeaders();
        for (String value : values) {
            headers.add(HttpHeaders.AUTHORIZATION, value);
            requireKey(value);
            requireKey(value.substring(value.indexOf(' ') + 1).strip());
        }
        requireIdentified(headers, values.size() == 1 ? bearer(values.getFirst()) : null);
    }

    private static void requireIdentified(HttpHeaders headers, String key) {
        boolean genuine = key != null && isGenuine(key);
        List<String> lookedUp = new ArrayList<>();
        Authentication all = new Authentication(text -> found(text, lookedUp, true));
        Authentication none = new Authentication(text -> found(text, lookedUp, false));
        if (genuine) {
            assertThat(all.identify(headers)).isSameAs(KNOWN);
        } else {
            requireRefused(all, headers);
        }
        requireRefused(none, headers);
        assertThat(lookedUp).isEqualTo(genuine ? List.of(key, key) : List.of());
    }

    private static Optional<Presented> found(KeyText text, List<String> lookedUp, boolean known) {
        lookedUp.add(text.reveal());
        return known ? Optional.of(KNOWN) : Optional.empty();
    }

    private static void requireRefused(Authentication authentication, HttpHeaders headers) {
        try {
            authentication.identify(headers);
        } catch (ProblemException refused) {
            assertThat(refused.problem()).isEqualTo(Problem.KEY_REFUSED);
            assertThat(refused.sentence()).isEqualTo(Problem.KEY_REFUSED.sentence());
            assertThat(refused.headers()).isEqualTo(Map.of(HttpHeaders.WWW_AUTHENTICATE, "Bearer"));
            return;
        }
        throw new AssertionError("admitted");
    }

    private static void requireKey(String text) throws NoSuchAlgorithmException {
        Optional<KeyText> parsed = KeyText.parse(text);
        assertThat(parsed.isPresent()).as("a key").isEqualTo(isGenuine(text));
        if (parsed.isPresent()) {
            KeyText key = parsed.get();
            assertThat(key.reveal()).isEqualTo(text);
            assertThat(text).startsWith(key.environment().wireName() + "_sk_");
            assertThat(text).startsWith(key.shownPrefix()).endsWith(key.lastFour());
            assertThat(key.shownPrefix()).hasSize(text.length() - 34);
            assertThat(key.lastFour()).hasSize(4);
            assertThat(key).hasToString("KeyText[redacted]");
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.US_ASCII));
            assertThat(key.sha256()).isEqualTo(HexFormat.of().formatHex(digest));
        }
    }

    /// What follows the scheme; null when there is no such scheme.
    private static String bearer(String value) {
        return value.length() <= 107 && value.matches("[Bb][Ee][Aa][Rr][Ee][Rr] (?s:.*)")
                ? value.substring(7).strip()
                : null;
    }

    private static boolean isGenuine(String text) {
        Matcher parts = KEY.matcher(text);
        return parts.matches() && parts.group(2).equals(checksum(parts.group(1)));
    }

    private static String summed(String value) {
        return UNSUMMED.matcher(value).replaceAll(key -> key.group(1) + checksum(key.group(1)));
    }

    private static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        BigInteger rest = BigInteger.valueOf(crc.getValue());
        StringBuilder digits = new StringBuilder();
        for (int i = 5; i >= 0; i--) {
            BigInteger[] parts = rest.divideAndRemainder(BigInteger.valueOf(62).pow(i));
            digits.append(BASE62.charAt(parts[0].intValueExact()));
            rest = parts[1];
        }
        return digits.toString();
    }
}
