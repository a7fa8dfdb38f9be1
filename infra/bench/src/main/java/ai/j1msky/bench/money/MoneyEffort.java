package ai.j1msky.bench.money;

/// How much money is moved to measure it.
///
/// @param agents whose whole lives are brought on the ledger in each round
/// @param open agents that billing keeps open over a restart
/// @param rounds of the ledger
/// @param pairs of loads with and without holds
public record MoneyEffort(int agents, int open, int rounds, int pairs) {

    /// About five minutes.
    public static final MoneyEffort FULL = new MoneyEffort(20_000, 20_000, 3, 7);

    /// For proving that it runs; its figures say little.
    public static final MoneyEffort BRIEF = new MoneyEffort(2_000, 500, 1, 1);
}
