package ai.j1msky.gateway.signing;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.signing.RequestSignature;
import ai.j1msky.common.signing.SignedTimestamp;
import ai.j1msky.gateway.TestPresented;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/// Whatever a request's head and body are, it passes exactly when it is unsigned, or has one fresh time and one
/// signature which an HMAC that is computed here agrees with; the first thing that is wrong is what it is refused for.
///
/// An input is the text of a [SentRequest].
class SignedRequestFuzzTest {

    private static final int LONGEST = 1_000;
    private static final String API_SECRET = "not-a-secret";
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final String TIME_SHAPE =
            "[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?";

    @FuzzTest
    void onlyWhatIsFreshAndRightPasses(byte[] bytes) throws GeneralSecurityException {
        if (bytes.length > LONGEST) {
            return;
        }
        SentRequest sent = SentRequest.read(bytes, API_SECRET);
        for (String time : sent.times()) {
            assertThat(SignedTimestamp.parse(time)).isEqualTo(time(time));
        }
        for (String signature : sent.signatures()) {
            requireRead(signature);
        }
        Problem expected = expected(sent.times(), sent.signatures(), sent.right());
        try {
            Optional<SignedRequest> signed = SignedRequest.of(sent, TestPresented.KEY);
            assertThat(signed.isEmpty())
                    .isEqualTo(sent.times().isEmpty() && sent.signatures().isEmpty());
            if (signed.isPresent()) {
                signed.get().requireFresh(NOW);
                signed.get().requireGenuine(API_SECRET, sent.body());
                requireOneNonce(signed.get(), sent);
                requireNothingElsePasses(signed.get(), sent.body());
            }
            assertThat(expected).as("passed").isNull();
        } catch (ProblemException refused) {
            requireRefusal(refused, expected);
        }
    }

    private static Problem expected(List<String> times, List<String> signatures, String right) {
        if (times.isEmpty() && signatures.isEmpty()) {
            return null;
        }
        if (times.size() != 1) {
            return Problem.TIMESTAMP_REFUSED;
        }
        if (signatures.size() != 1 || !signatures.getFirst().matches("[0-9A-Fa-f]{64}")) {
            return Problem.SIGNATURE_REFUSED;
        }
        boolean fresh =
                time(times.getFirst())
                        .filter(time -> !time.isBefore(NOW.minusSeconds(300)))
                        .filter(time -> !time.isAfter(NOW.plusSeconds(300)))
                        .isPresent();
        if (!fresh) {
            return Problem.TIMESTAMP_REFUSED;
        }
        return signatures.getFirst().toLowerCase(Locale.ROOT).equals(right)
                ? null
                : Problem.SIGNATURE_REFUSED;
    }

    private static void requireRefusal(ProblemException refused, Problem expected) {
        assertThat(refused.problem()).isEqualTo(expected);
        assertThat(refused.sentence()).isEqualTo(expected.sentence());
        assertThat(refused.headers()).isEqualTo(Map.of(HttpHeaders.WWW_AUTHENTICATE, "Bearer"));
    }

    private static void requireRead(String text) {
        Optional<RequestSignature> read = RequestSignature.parse(text);
        assertThat(read.isPresent()).as("a signature").isEqualTo(text.matches("[0-9A-Fa-f]{64}"));
        if (read.isPresent()) {
            assertThat(read.get().hex()).isEqualTo(text.toLowerCase(Locale.ROOT));
            assertThat(read.get()).hasToString("RequestSignature[redacted]");
        }
    }

    private static void requireOneNonce(SignedRequest signed, SentRequest sent) {
        assertThat(signed.nonce()).endsWith(":" + sent.right());
        assertThat(signed).hasToString("SignedRequest[key_test]");
        assertThat(signed.changesSomething())
                .isEqualTo(!sent.getMethod().name().matches("GET|HEAD"));
    }

    private static void requireNothingElsePasses(SignedRequest signed, byte[] body) {
        byte[] longer = new byte[body.length + 1];
        System.arraycopy(body, 0, longer, 0, body.length);
        requireForged(signed, API_SECRET, longer);
        requireForged(signed, API_SECRET + "2", body);
        if (body.length > 0) {
            byte[] other = body.clone();
            other[body.length / 2] ^= 1;
            requireForged(signed, API_SECRET, other);
        }
    }

    private static void requireForged(SignedRequest signed, String apiSecret, byte[] body) {
        try {
            signed.requireGenuine(apiSecret, body);
        } catch (ProblemException refused) {
            requireRefusal(refused, Problem.SIGNATURE_REFUSED);
            return;
        }
        throw new AssertionError("a signature of something else passed");
    }

    private static Optional<Instant> time(String text) {
        if (!text.matches(TIME_SHAPE)) {
            return Optional.empty();
        }
        boolean naive = text.indexOf('Z') < 0 && !text.matches(".*[+-][0-9]{2}:[0-9]{2}");
        try {
            return Optional.of(OffsetDateTime.parse(naive ? text + "Z" : text).toInstant());
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }
}
