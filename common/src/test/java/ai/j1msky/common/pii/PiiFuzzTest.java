package ai.j1msky.common.pii;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Whatever a text is, [PiiFinder] reads it, finds lie apart within it, and masking leaves everything else.
class PiiFuzzTest {

    private static final int LONGEST = 4_000;

    @FuzzTest
    void findsLieApartAndTheRestStays(byte[] bytes) {
        if (bytes.length > LONGEST) {
            return;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        List<PiiFinder.Span> spans = PiiFinder.find(text);
        StringBuilder left = new StringBuilder();
        int at = 0;
        for (PiiFinder.Span span : spans) {
            assertThat(span.from()).isGreaterThanOrEqualTo(at);
            assertThat(span.to()).isGreaterThan(span.from()).isLessThanOrEqualTo(text.length());
            left.append(text, at, span.from());
            at = span.to();
        }
        left.append(text.substring(at));
        String masked = PiiFinder.masked(text);
        int placeholders =
                spans.stream().mapToInt(span -> span.type().wireName().length() + 2).sum();
        assertThat(masked).hasSize(left.length() + placeholders);
        assertThat(PiiFinder.count(text).counts().values().stream().mapToInt(n -> n).sum())
                .isEqualTo(spans.size());
    }
}
