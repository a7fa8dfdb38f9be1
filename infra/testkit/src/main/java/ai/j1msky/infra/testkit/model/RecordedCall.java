package ai.j1msky.infra.testkit.model;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One call as the model server saw it so far.
///
/// @param id counts from 1 in the order of arrival
/// @param wire `anthropic` or `openai`
/// @param model the model's name as received
/// @param maxTokens the output cap as received, 0 when there was none
/// @param capField the name of the field that held the cap
/// @param promptSha256 SHA-256 of the prompt in hex
/// @param marker the XYZ of `[[agent-marker:XYZ]]` in the prompt, or null
/// @param headers as received, names in lower case, the key's value blanked
/// @param status the status that was sent, 0 before that
/// @param startedAt when the whole request had been read
/// @param firstByteAt when the headers of the answer were sent, or null
/// @param finishedAt when the server had sent all it meant to send, or null
/// @param closedByClientAt when the client closed the connection before that, or null
/// @param told what the answer has said so far that the client may be charged for
public record RecordedCall(
        long id,
        String wire,
        String model,
        int maxTokens,
        String capField,
        String promptSha256,
        @Nullable String marker,
        Map<String, String> headers,
        int status,
        Instant startedAt,
        @Nullable Instant firstByteAt,
        @Nullable Instant finishedAt,
        @Nullable Instant closedByClientAt,
        Told told) {

    /// What of an answer was sent that a client may be charged for.
    ///
    /// @param promptBytes the prompt's length in UTF-8: what a client estimates from that was told no count
    /// @param textBytes the length of the text that was sent, in UTF-8
    /// @param inputTokens the count that was claimed, as it stood on the wire, or null when none was
    /// @param outputTokens likewise; the final one
    public record Told(
            long promptBytes,
            long textBytes,
            @Nullable String inputTokens,
            @Nullable String outputTokens) {

        Told text(long bytes) {
            return new Told(promptBytes, textBytes + bytes, inputTokens, outputTokens);
        }

        Told input(String count) {
            return new Told(promptBytes, textBytes, count, outputTokens);
        }

        Told output(String count) {
            return new Told(promptBytes, textBytes, inputTokens, count);
        }
    }

    /// Whether the client went away before the server had sent all it meant to send.
    public boolean closedByClient() {
        return closedByClientAt != null;
    }

    RecordedCall firstByte(int sent, Instant at) {
        return new RecordedCall(
                id,
                wire,
                model,
                maxTokens,
                capField,
                promptSha256,
                marker,
                headers,
                sent,
                startedAt,
                at,
                finishedAt,
                closedByClientAt,
                told);
    }

    RecordedCall finished(Instant at) {
        return new RecordedCall(
                id,
                wire,
                model,
                maxTokens,
                capField,
                promptSha256,
                marker,
                headers,
                status,
                startedAt,
                firstByteAt,
                at,
                closedByClientAt,
                told);
    }

    RecordedCall closed(Instant at) {
        return new RecordedCall(
                id,
                wire,
                model,
                maxTokens,
                capField,
                promptSha256,
                marker,
                headers,
                status,
                startedAt,
                firstByteAt,
                finishedAt,
                at,
                told);
    }

    RecordedCall told(Told now) {
        return new RecordedCall(
                id,
                wire,
                model,
                maxTokens,
                capField,
                promptSha256,
                marker,
                headers,
                status,
                startedAt,
                firstByteAt,
                finishedAt,
                closedByClientAt,
                now);
    }
}
