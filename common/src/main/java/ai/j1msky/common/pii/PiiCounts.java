package ai.j1msky.common.pii;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// How much was found of each type; as JSON `{"email":2,"phone":1}`.
///
/// @param counts only types of which something was found
public record PiiCounts(@JsonValue Map<PiiType, Integer> counts) {

    public static final PiiCounts NONE = new PiiCounts(Map.of());

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public PiiCounts {
        EnumMap<PiiType, Integer> ordered = new EnumMap<>(PiiType.class);
        counts.forEach(
                (type, count) -> {
                    if (count < 1) {
                        throw new IllegalArgumentException("a count is less than 1");
                    }
                    ordered.put(type, count);
                });
        counts = Collections.unmodifiableMap(ordered);
    }

    public PiiCounts plus(PiiCounts other) {
        EnumMap<PiiType, Integer> sum = new EnumMap<>(PiiType.class);
        sum.putAll(counts);
        other.counts.forEach((type, count) -> sum.merge(type, count, Math::addExact));
        return new PiiCounts(sum);
    }
}
