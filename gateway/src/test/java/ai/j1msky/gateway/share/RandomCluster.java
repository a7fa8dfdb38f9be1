package ai.j1msky.gateway.share;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.id.AccountId;
import java.util.Random;

/// A cluster with accounts that spawn at random for a while.
final class RandomCluster {

    private static final int TICKS = 300;

    private final Random random;
    private final long seed;
    private final int slots;
    private final SimulatedCluster cluster;
    private int spawned;

    RandomCluster(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        this.slots = 1 + random.nextInt(60);
        this.cluster = new SimulatedCluster(slots);
        // Longer than the two ticks from one's end to the next one's place in the queue, as in
        // life.
        int longest = 20 + random.nextInt(100);
        cluster.runFor(() -> 10 + random.nextInt(longest));
    }

    void requireEverythingRunsOnce() {
        int accounts = 1 + random.nextInt(8);
        int idle = 0;
        for (int tick = 0; tick < TICKS; tick++) {
            if (random.nextInt(10) == 0) {
                AccountId account = new AccountId("account-" + random.nextInt(accounts));
                int number = 1 + random.nextInt(1 + random.nextInt(200));
                cluster.spawn(account, Priority.values()[random.nextInt(3)], number);
                spawned += number;
            }
            cluster.step();
            boolean isWaste = cluster.free() > 0 && cluster.shares().waiting() > 0;
            idle = isWaste ? idle + 1 : 0;
            assertThat(idle)
                    .as("ticks with a free slot and waiting agents, seed %d", seed)
                    .isLessThan(3);
        }
        cluster.runUntil(() -> cluster.isIdle() && cluster.shares().waiting() == 0);
        assertThat(cluster.starts()).as("seed %d", seed).isEqualTo(spawned);
    }
}
