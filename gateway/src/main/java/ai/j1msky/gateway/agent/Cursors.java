package ai.j1msky.gateway.agent;

import ai.j1msky.common.id.AgentId;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.view.AgentViews.Cursor;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// The opaque text of a place in a list. It holds nothing that its reader may not see, so it needs no seal.
final class Cursors {

    private Cursors() {}

    static String write(Cursor cursor) {
        String plain = cursor.created() + ":" + cursor.id();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    static Cursor read(String text) {
        try {
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            int colon = plain.indexOf(':');
            long created = Long.parseUnsignedLong(plain.substring(0, Math.max(colon, 0)));
            if (created < 0 || plain.startsWith("+")) {
                throw new IllegalArgumentException("not a time that was written here");
            }
            return new Cursor(created, new AgentId(plain.substring(colon + 1)).value());
        } catch (IllegalArgumentException madeUp) {
            throw ProblemException.of(
                    Problem.MALFORMED, "cursor is not one that this list has given out.");
        }
    }
}
