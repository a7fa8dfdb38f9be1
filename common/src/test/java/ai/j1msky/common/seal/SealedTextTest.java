package ai.j1msky.common.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.j1msky.common.id.AgentId;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedTextTest {

    private static final AgentId AGENT = new AgentId("subagent_1234567890_482915730164");
    private static final AgentId OTHER = new AgentId("subagent_1234567890_482915730165");
    private static final String TEXT = "Grüße, hunter2 🍳";

    private final DataKey key = DataKey.mint();

    @ParameterizedTest
    @ValueSource(strings = {"", "a", TEXT, "two\nlines\u0000"})
    void whatIsSealedIsOpened(String text) {
        assertThat(key.open(AGENT, "task", key.seal(AGENT, "task", text))).isEqualTo(text);
    }

    @Test
    void theSameTextIsNeverSealedTheSameTwice() {
        assertThat(key.seal(AGENT, "task", TEXT)).isNotEqualTo(key.seal(AGENT, "task", TEXT));
    }

    @Test
    void sealedTextCannotBeMovedToAnotherAgent() {
        assertUnreadable(OTHER, "task", key.seal(AGENT, "task", TEXT));
    }

    @Test
    void sealedTextCannotBeMovedToAnotherField() {
        assertUnreadable(AGENT, "result", key.seal(AGENT, "task", TEXT));
    }

    @Test
    void anotherKeyDoesNotOpenIt() {
        assertUnreadable(AGENT, "task", DataKey.mint().seal(AGENT, "task", TEXT));
    }

    @Test
    void everyFlippedBitIsNoticed() {
        // Given
        byte[] body = bodyOf(key.seal(AGENT, "task", TEXT));

        for (int bit = 0; bit < body.length * 8; bit++) {
            // When
            byte[] changed = body.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));

            // Then
            assertUnreadable(AGENT, "task", sealed(changed, changed.length));
        }
    }

    @Test
    void everyTruncationIsNoticed() {
        // Given
        byte[] body = bodyOf(key.seal(AGENT, "task", TEXT));

        for (int length = 0; length < body.length; length++) {
            // When
            SealedText cut = sealed(body, length);

            // Then
            assertUnreadable(AGENT, "task", cut);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.", "1.A", "1.***", "1.ä", "1.AAAA\n"})
    void whatIsNotEvenBase64IsUnreadable(String text) {
        assertUnreadable(AGENT, "task", new SealedText(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "2.AAAA", TEXT})
    void anotherVersionIsRefused(String text) {
        assertThatThrownBy(() -> new SealedText(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not sealed text of version 1");
    }

    @Test
    void nothingSecretIsPrinted() {
        assertThat(key).hasToString("DataKey[redacted]");
        assertThat(key.seal(AGENT, "task", TEXT).toString())
                .matches("SealedText\\[\\d+ characters]");
        assertThat(new WrappedKey("1.AAAA")).hasToString("WrappedKey");
    }

    private void assertUnreadable(AgentId agent, String field, SealedText text) {
        assertThatThrownBy(() -> key.open(agent, field, text))
                .isInstanceOf(UnreadableException.class)
                .hasMessage("sealed " + field + " of " + agent + " cannot be opened")
                .hasNoCause();
    }

    private static byte[] bodyOf(SealedText sealed) {
        return Base64.getUrlDecoder().decode(sealed.value().substring(2));
    }

    private static SealedText sealed(byte[] body, int length) {
        byte[] kept = Arrays.copyOf(body, length);
        return new SealedText("1." + Base64.getUrlEncoder().withoutPadding().encodeToString(kept));
    }
}
