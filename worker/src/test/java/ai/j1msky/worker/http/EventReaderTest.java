package ai.j1msky.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelFailure.Kind;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {

    private static final int LIMIT = 64;

    /// A source that brings one byte at a time.
    private static EventReader reading(String body) {
        List<List<ByteBuffer>> parts = new ArrayList<>();
        for (byte one : body.getBytes(StandardCharsets.UTF_8)) {
            parts.add(List.of(ByteBuffer.wrap(new byte[] {one})));
        }
        Iterator<List<ByteBuffer>> left = parts.iterator();
        return new EventReader(() -> left.hasNext() ? left.next() : null, LIMIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void eventsEndWithABlankLineWhateverALineEndsWith(String lineEnd) throws ModelFailure {
        // Given
        EventReader reader =
                reading(
                        String.join(
                                lineEnd,
                                List.of(
                                        "event: a",
                                        "data: 1",
                                        "",
                                        ": note",
                                        "data:é",
                                        "data: 2",
                                        "",
                                        "")));

        // When
        List<ServerSentEvent> events = List.of(reader.next(), reader.next());

        // Then
        assertThat(events).extracting(ServerSentEvent::event).containsExactly("a", null);
        assertThat(events).extracting(ServerSentEvent::data).containsExactly("1", "é\n2");
        assertThat(reader.next()).isNull();
    }

    @Test
    void anEventWithoutItsBlankLineIsDropped() throws ModelFailure {
        // When
        ServerSentEvent event = reading("data: half").next();

        // Then
        assertThat(event).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: ", ": comment ", "x"})
    void noLineMayPassTheLimit(String start) {
        // When
        ModelFailure failure =
                catchThrowableOfType(
                        ModelFailure.class, () -> reading(start + "y".repeat(LIMIT + 1)).next());

        // Then
        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_STREAM);
    }

    @Test
    void noEventMayPassTheLimitInManyLines() {
        // When
        ModelFailure failure =
                catchThrowableOfType(
                        ModelFailure.class, () -> reading("data: 12345678\n".repeat(9)).next());

        // Then
        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_STREAM);
    }
}
