package ai.j1msky.e2e.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What came of a round.
///
/// @param slowestSpawn the longest that a client tried until its spawn was answered 200
/// @param longestUnread the longest that it took until a new agent was read
/// @param converged how long after the fault was mended the last agent was seen to have ended
/// @param broken what speaks against each promise
record Verdict(
        long agents,
        long calls,
        Duration slowestSpawn,
        Duration longestUnread,
        Duration converged,
        Map<Promise, List<String>> broken) {

    boolean isHeld() {
        return broken.values().stream().allMatch(List::isEmpty);
    }
}
