package ai.j1msky.common.seal;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// An agent's data key, encrypted with the master key.
///
///     wrapped = version "." body
///     version = "1"         ; a Tink AEAD ciphertext (its first five bytes name the master key)
///     body    = base64url   ; no padding
///
/// The agent id is authenticated, so a data key cannot be given to another agent.
public record WrappedKey(@JsonValue String value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public WrappedKey {
        if (!value.startsWith("1.")) {
            throw new IllegalArgumentException("not a wrapped key of version 1");
        }
    }

    @Override
    public String toString() {
        return "WrappedKey";
    }
}
