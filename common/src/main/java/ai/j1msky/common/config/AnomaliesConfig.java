package ai.j1msky.common.config;

import ai.j1msky.common.money.Money;
import java.time.Duration;

/// What use of an API key is told as unusual: a window in which it does `jump` times as much as in its busiest window of
/// the spans before, and more than the least figures.
///
/// @param jump how many times as much; 0 watches nothing
/// @param window what is counted together
/// @param span for how long a key is only watched at first; the seven spans before the current one are what is usual
/// @param requests the least requests that can be unusual
/// @param errors the least answers 400 to 499; they are unusual when they are more than half of all, and twice as large
///     a share as usual
/// @param addresses the least addresses that are new to the key
/// @param cost the least holds of spawned agents
/// @param block for how long a key is refused after unusual use; zero for not at all
public record AnomaliesConfig(
        int jump,
        Duration window,
        Duration span,
        int requests,
        int errors,
        int addresses,
        Money cost,
        Duration block) {

    private static final int MOST = 1_000_000;

    static AnomaliesConfig read(ConfigSection section) {
        AnomaliesConfig config =
                new AnomaliesConfig(
                        section.whole(
                                "jump",
                                0,
                                1_000,
                                "How many times what is usual for an API key is unusual; 0 watches nothing."),
                        section.duration(
                                "window",
                                Duration.ofSeconds(10),
                                Duration.ofHours(1),
                                "What an API key does in such a window is compared."),
                        section.duration(
                                "learn",
                                Duration.ofMinutes(1),
                                Duration.ofDays(7),
                                "A new key is only watched for this long; what it did in the seven such spans before the"
                                        + " current one is usual."),
                        section.whole(
                                "requests",
                                1,
                                MOST,
                                "Fewer requests in a window are never unusual."),
                        section.whole(
                                "errors",
                                1,
                                MOST,
                                "Fewer answers 400 to 499 in a window are never unusual."),
                        section.whole(
                                "addresses",
                                1,
                                MOST,
                                "Fewer new client addresses in a window are never unusual."),
                        section.money(
                                "dollars",
                                "Fewer dollars of spawned agents in a window are never unusual."),
                        section.duration(
                                "block",
                                Duration.ZERO,
                                Duration.ofDays(7),
                                "For how long a key is refused after unusual use; `0s` only tells of it."));
        section.finish();
        return config;
    }
}
