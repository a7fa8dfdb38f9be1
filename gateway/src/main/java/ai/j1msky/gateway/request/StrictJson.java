package ai.j1msky.gateway.request;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads bytes as one JSON object in UTF-8, and nothing else: no duplicate keys, no trailing content, no comments,
/// bounded in depth, tokens, numbers and names. The bounds also keep a hostile body cheap to refuse.
final class StrictJson {

    private static final int MAX_DEPTH = 32;
    private static final int MAX_TOKENS = 1_000;
    private static final int MAX_NAME = 200;
    private static final int MAX_NUMBER = 40;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxTokenCount(MAX_TOKENS)
                                                    .maxNameLength(MAX_NAME)
                                                    .maxNumberLength(MAX_NUMBER)
                                                    .maxStringLength(StrictBody.MAX_BYTES)
                                                    .build())
                                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build();

    private StrictJson() {}

    static ObjectNode parse(byte[] body) {
        try (JsonParser parser = MAPPER.createParser(text(body))) {
            return parse(parser);
        }
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw StrictBody.invalid("The request body is not UTF-8.");
        }
    }

    private static ObjectNode parse(JsonParser parser) {
        try {
            JsonNode document = MAPPER.readTree(parser);
            if (parser.nextToken() != null) {
                throw StrictBody.invalid("The request body is not one JSON document but more.");
            }
            if (document instanceof ObjectNode object) {
                return object;
            }
            throw StrictBody.invalid("The request body must be a JSON object.");
        } catch (JacksonException malformed) {
            // The parser's own message may quote the body, which may hold a prompt.
            throw StrictBody.invalid(sentence(malformed, parser));
        }
    }

    private static String sentence(JacksonException malformed, JsonParser parser) {
        String field = field(parser.streamReadContext());
        if (malformed instanceof MismatchedInputException && field != null) {
            return Fields.shown(field) + " is given more than once.";
        }
        if (malformed instanceof StreamConstraintsException) {
            // Nothing but its words tells which of the bounds it was.
            boolean number = malformed.getOriginalMessage().startsWith("Number value length");
            return number && field != null
                    ? Fields.shown(field) + " holds a number of more than " + MAX_NUMBER + " digits."
                    : "The request body is JSON with too many values, too deep or with too long names.";
        }
        return "The request body is not valid JSON" + place(malformed) + ".";
    }

    /// The innermost name around the place where the parser stopped.
    private static @Nullable String field(@Nullable TokenStreamContext context) {
        TokenStreamContext place = context;
        while (place != null && place.currentName() == null) {
            place = place.getParent();
        }
        return place == null ? null : place.currentName();
    }

    private static String place(JacksonException malformed) {
        return malformed.getLocation() == null || malformed.getLocation().getLineNr() < 1
                ? ""
                : " (line "
                        + malformed.getLocation().getLineNr()
                        + ", column "
                        + malformed.getLocation().getColumnNr()
                        + ")";
    }
}
