package ai.j1msky.bench.measure;

import ai.j1msky.bench.load.LoadResult;
import ai.j1msky.bench.process.Calm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Measures endpoints by turns, so that whatever else the machine does meanwhile meets all of them alike.
public final class RateRounds {

    private static final Duration LONGEST_CALM = Duration.ofMinutes(2);

    private final Effort effort;
    private final Calm calm;

    /// @param calm awaited before each load: what the one before left to do must not burden the next
    public RateRounds(Effort effort, Calm calm) {
        this.effort = effort;
        this.calm = calm;
    }

    /// One series per contender, in the same order.
    public List<Series> measure(List<Contender> contenders) {
        List<List<LoadResult>> results = new ArrayList<>();
        contenders.forEach(contender -> results.add(new ArrayList<>()));
        contenders.forEach(contender -> contender.rehearse(effort));
        for (int round = 0; round < effort.rounds(); round++) {
            for (int i = 0; i < contenders.size(); i++) {
                calm.await(LONGEST_CALM);
                results.get(i).add(contenders.get(i).run(effort));
            }
        }
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            series.add(new Series(contenders.get(i).name(), results.get(i)));
        }
        return series;
    }
}
