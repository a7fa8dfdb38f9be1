package ai.j1msky.common.seal;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// Encrypted text that may travel on a topic and lie in a view.
///
///     sealed  = version "." body
///     version = "1"         ; AES-256-GCM, 96-bit nonce, 128-bit tag, one key per agent
///     body    = base64url   ; 12 random bytes of nonce, ciphertext, tag; no padding
///
/// Version, agent id and field name are authenticated, so sealed text cannot be moved to another agent or field.
public record SealedText(@JsonValue String value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public SealedText {
        if (!value.startsWith("1.")) {
            throw new IllegalArgumentException("not sealed text of version 1");
        }
    }

    @Override
    public String toString() {
        return "SealedText[" + value.length() + " characters]";
    }
}
