package ai.j1msky.common.registry;

import ai.j1msky.common.budget.Budget;
import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.ledger.Balance;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.topic.Topics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// All budgets, folded in memory from their topic. An account that none was set for has that of the configuration; an
/// API key that none was set for has no budget of its own. Thread-safe.
public final class Budgets implements AutoCloseable {

    private final FoldedRegistry<Budget> registry;
    private final BudgetTerms standard;

    /// @param standard what the configuration gives every account
    public Budgets(LogClients clients, BudgetTerms standard) {
        this.standard = standard;
        this.registry =
                new FoldedRegistry<>(new EntryCodec<>(Topics.BUDGETS), clients, changed -> {});
    }

    public void start() {
        registry.start();
    }

    /// Waits until all that was set before the start is known; false when that took too long.
    public boolean awaitReady(Duration patience) {
        try {
            return registry.awaitCaughtUp(patience);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public boolean isReady() {
        return registry.isCaughtUp();
    }

    /// The account's own.
    public BudgetTerms of(AccountId account) {
        return find(account, Balance.WHOLE).orElse(standard);
    }

    /// What holds for a holder: see [Budget].
    public Optional<BudgetTerms> of(AccountId account, String holder) {
        return holder.equals(Balance.WHOLE) ? Optional.of(of(account)) : find(account, holder);
    }

    private Optional<BudgetTerms> find(AccountId account, String holder) {
        return registry.find(Budget.keyOf(account, holder)).map(Budget::terms);
    }

    /// Completes when these budgets have read the record at that position.
    public CompletableFuture<Void> reached(Position position) {
        return registry.reached(position);
    }

    @Override
    public void close() {
        registry.close();
    }
}
