package ai.j1msky.e2e.cluster;

import ai.j1msky.e2e.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What clients saw of agents, and whether that goes together. Thread-safe.
///
/// Reads overlap: one only contradicts another that was answered before it was asked.
final class Sightings {

    private static final Duration READABLE_WITHIN = Duration.ofSeconds(2);
    private static final List<String> STATES = List.of("spawning", "running");
    private static final int TERMINAL = STATES.size();

    private final Map<String, Seen> agents = new HashMap<>();
    private final List<String> unreadable = new ArrayList<>();
    private final List<String> changed = new ArrayList<>();
    private final List<String> backwards = new ArrayList<>();
    private Duration longestUnread = Duration.ZERO;

    /// @param spawned when its spawn was answered
    /// @param first when each state was answered first, 0 before that; as [System#nanoTime] tells it
    private record Seen(long spawned, long[] first) {

        boolean isRead() {
            return first[0] != 0 || first[1] != 0 || first[TERMINAL] != 0;
        }
    }

    private final Map<String, JsonNode> ends = new HashMap<>();

    synchronized void spawned(String id, long answered) {
        agents.put(id, new Seen(answered, new long[TERMINAL + 1]));
    }

    /// @param asked when the read began
    synchronized void saw(String id, long asked, Answer answer) {
        long now = System.nanoTime();
        Seen seen = agents.get(id);
        if (seen == null) {
            throw new IllegalArgumentException(id + " was never spawned");
        }
        if (answer.status() == 404) {
            notFound(id, seen, asked);
        } else if (answer.status() == 200) {
            found(id, seen, asked, now, answer);
        }
    }

    private void notFound(String id, Seen seen, long asked) {
        Duration age = Duration.ofNanos(asked - seen.spawned());
        if (seen.isRead()) {
            unreadable.add(id + " was there and is not");
        } else if (age.compareTo(READABLE_WITHIN) > 0) {
            unreadable.add("%s is not there %d ms after its spawn".formatted(id, age.toMillis()));
        }
    }

    private void found(String id, Seen seen, long asked, long now, Answer answer) {
        if (!seen.isRead()) {
            Duration unread = Duration.ofNanos(now - seen.spawned());
            longestUnread = unread.compareTo(longestUnread) > 0 ? unread : longestUnread;
        }
        int state = STATES.indexOf(answer.agentStatus());
        state = state < 0 ? TERMINAL : state;
        for (int later = state + 1; later <= TERMINAL; later++) {
            if (seen.first()[later] != 0 && seen.first()[later] < asked) {
                backwards.add(id + " went back to " + answer.agentStatus());
            }
        }
        if (seen.first()[state] == 0) {
            seen.first()[state] = now;
        }
        if (state == TERMINAL) {
            JsonNode end = ends.putIfAbsent(id, answer.body());
            if (end != null && !end.equals(answer.body())) {
                changed.add("%s changed from %s to %s".formatted(id, end, answer.body()));
            }
        }
    }

    /// How an agent ended, or null when nobody has seen that yet.
    synchronized @Nullable JsonNode end(String id) {
        return ends.get(id);
    }

    /// Those that nobody has seen end yet.
    synchronized Set<String> open() {
        Set<String> open = new TreeSet<>(agents.keySet());
        open.removeAll(ends.keySet());
        return open;
    }

    synchronized boolean isRead(String id) {
        Seen seen = agents.get(id);
        return seen != null && seen.isRead();
    }

    /// The longest that it took until a new agent was read.
    synchronized Duration longestUnread() {
        return longestUnread;
    }

    synchronized List<String> unreadable() {
        return List.copyOf(unreadable);
    }

    synchronized List<String> changed() {
        return List.copyOf(changed);
    }

    synchronized List<String> backwards() {
        return List.copyOf(backwards);
    }
}
