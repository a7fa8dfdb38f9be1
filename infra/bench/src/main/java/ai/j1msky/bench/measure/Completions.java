package ai.j1msky.bench.measure;

import ai.j1msky.bench.load.LoadResult;
import ai.j1msky.bench.process.Calm;
import ai.j1msky.bench.report.Row;
import ai.j1msky.bench.report.Statistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Measures how many instant agents go from spawn to completed per second, beside the floor.
///
/// Agents are spawned in a closed loop of HTTP requests for a time; the rate is their number divided by the time from
/// the first request to the event of the last completion. So a backlog that the workers are left with counts in full.
public final class Completions {

    private static final Duration LONGEST_CALM = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Effort effort;
    private final Calm calm;
    private final AgentLives lives;

    public Completions(Effort effort, Calm calm, AgentLives lives) {
        this.effort = effort;
        this.calm = calm;
        this.lives = lives;
    }

    /// @param spawning what spawns agents
    /// @param floor measured right before each round
    public Row measure(Contender spawning, Contender floor) {
        List<Double> rates = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        floor.rehearse(effort);
        spawning.rehearse(effort);
        for (int round = 0; round < effort.rounds(); round++) {
            calm.await(LONGEST_CALM);
            double floorRate = floor.run(effort).rate();
            calm.await(LONGEST_CALM);
            double rate = spawnToCompleted(spawning);
            rates.add(rate);
            ratios.add(rate / floorRate);
        }
        return Row.of("spawn → completed, instant agents", Statistics.median(rates), "/s")
                .atLeastOf(ratios, 0.35, "floor 2");
    }

    /// The same without a floor.
    ///
    /// @return agents per second, of each round
    public List<Double> rates(Contender spawning) {
        List<Double> rates = new ArrayList<>();
        spawning.rehearse(effort);
        for (int round = 0; round < effort.rounds(); round++) {
            calm.await(LONGEST_CALM);
            rates.add(spawnToCompleted(spawning));
        }
        return rates;
    }

    private double spawnToCompleted(Contender spawning) {
        long before = lives.completed();
        long start = System.nanoTime();
        // Without warm-up: agents spawned uncounted would complete among the counted ones.
        LoadResult spawned = spawning.run(effort.withoutWarmUp());
        long number = spawned.successes();
        long end = lives.awaitCompleted(before + number, PATIENCE);
        return number * NANOS_PER_SECOND / (end - start);
    }
}
