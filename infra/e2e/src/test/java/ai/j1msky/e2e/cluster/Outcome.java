package ai.j1msky.e2e.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How a fault went.
///
/// @param hit what it met, or null when the round failed before
/// @param verdict what came of it, likewise
/// @param failure what kept the round from being judged; empty when nothing did
record Outcome(String fault, @Nullable Hit hit, @Nullable Verdict verdict, String failure) {

    private static final Duration RESTART_WITHIN = Duration.ofSeconds(8);
    private static final int LONGEST_COMPLAINT = 600;

    /// Whether every promise was kept, however long that took.
    boolean isHeld() {
        return failure.isEmpty() && verdict != null && verdict.isHeld();
    }

    /// Whether nothing was wrong but that it took longer than a minute (I20).
    boolean isOnlySlow() {
        return failure.isEmpty()
                && verdict != null
                && !verdict.isHeld()
                && verdict.broken().entrySet().stream()
                        .allMatch(
                                promise ->
                                        promise.getKey() == Promise.I20
                                                || promise.getValue().isEmpty());
    }

    /// Whether interrupted work ran again as soon as it should.
    boolean isInTime() {
        return hit == null || hit.restart() == null || hit.restart().compareTo(RESTART_WITHIN) <= 0;
    }

    /// What was done, how many it met, and whether that was borne.
    String line() {
        if (hit == null || verdict == null) {
            return "%-3s %s".formatted(fault, failure);
        }
        return "%-3s %s: %d agents hit, %s%spromises held: %s"
                .formatted(
                        fault,
                        hit.what(),
                        hit.agents(),
                        hit.restart() == null
                                ? ""
                                : "run again after %s, ".formatted(seconds(hit.restart())),
                        hit.goneOn() == null
                                ? ""
                                : "new ones ended after %s, ".formatted(seconds(hit.goneOn())),
                        isHeld() ? "yes" + late() : "NO " + broken() + late());
    }

    private String broken() {
        return verdict == null
                ? ""
                : verdict.broken().entrySet().stream()
                        .filter(promise -> !promise.getValue().isEmpty())
                        .map(promise -> promise.getKey().name())
                        .collect(Collectors.joining(", "));
    }

    private String late() {
        return isInTime() ? "" : ", late";
    }

    /// What speaks against each promise, shortened.
    List<String> complaints() {
        Map<Promise, List<String>> broken = verdict == null ? Map.of() : verdict.broken();
        return broken.entrySet().stream()
                .flatMap(
                        promise ->
                                promise.getValue().stream()
                                        .limit(3)
                                        .map(why -> "    " + promise.getKey() + " " + why))
                .map(
                        line ->
                                line.length() > LONGEST_COMPLAINT
                                        ? line.substring(0, LONGEST_COMPLAINT) + "…"
                                        : line)
                .toList();
    }

    static String head() {
        return "%-3s %-46s %5s %8s %8s %7s %6s %8s %7s %10s  %s"
                .formatted(
                        "",
                        "fault",
                        "hit",
                        "restart",
                        "goes on",
                        "agents",
                        "calls",
                        "spawn",
                        "unread",
                        "converged",
                        "held");
    }

    String row() {
        if (hit == null || verdict == null) {
            return line();
        }
        return "%-3s %-46s %5d %8s %8s %7d %6d %8s %7s %10s  %s"
                .formatted(
                        fault,
                        hit.what(),
                        hit.agents(),
                        hit.restart() == null ? "" : seconds(hit.restart()),
                        hit.goneOn() == null ? "" : seconds(hit.goneOn()),
                        verdict.agents(),
                        verdict.calls(),
                        seconds(verdict.slowestSpawn()),
                        seconds(verdict.longestUnread()),
                        seconds(verdict.converged()),
                        (isHeld() ? "yes" : "NO") + late());
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
