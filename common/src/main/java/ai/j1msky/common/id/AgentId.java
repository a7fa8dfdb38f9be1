package ai.j1msky.common.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// Identifies one spawned agent, for example `subagent_1234567890_482915730164`: the second it was asked for, and
/// random digits (12 when minted here) that make it neither collide nor guessable.
public record AgentId(@JsonValue String value) {

    private static final Pattern SHAPE = Pattern.compile("subagent_[0-9]{1,12}_[0-9]{4,24}");
    private static final long TWELVE_DIGITS = 1_000_000_000_000L;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public AgentId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a subagent_… identifier");
        }
    }

    /// Whether the text has the shape of an agent id; says nothing about whether such an agent exists.
    public static boolean isValid(String text) {
        return text.length() <= 64 && SHAPE.matcher(text).matches();
    }

    /// A new id; `random` must be cryptographically strong where ids reach clients.
    public static AgentId mint(Instant now, RandomGenerator random) {
        String digits = Long.toString(TWELVE_DIGITS + random.nextLong(TWELVE_DIGITS)).substring(1);
        return new AgentId("subagent_" + now.getEpochSecond() + "_" + digits);
    }

    @Override
    public String toString() {
        return value;
    }
}
