package ai.j1msky.gateway.ledger;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.util.HashMap;
import java.util.Map;

/// Bounds the downloads that are under way: all together, and those of one account. Nobody waits for a slot: who finds
/// none is told to come again.
public final class DownloadSlots {

    private static final int RETRY_AFTER = 5;

    private final int most;
    private final int mostOfOne;
    private final Map<AccountId, Integer> taken = new HashMap<>();

    /// @param most at once
    /// @param mostOfOne at once of one account
    public DownloadSlots(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /// @return the account, to give the slot back
    public synchronized AccountId take(AccountId account) {
        int all = taken.values().stream().mapToInt(Integer::intValue).sum();
        if (all >= most || taken.getOrDefault(account, 0) >= mostOfOne) {
            throw ProblemException.retryAfter(Problem.DOWNLOADS_FULL, RETRY_AFTER);
        }
        taken.merge(account, 1, Integer::sum);
        return account;
    }

    public synchronized void giveBack(AccountId account) {
        taken.computeIfPresent(account, (_, count) -> count == 1 ? null : count - 1);
    }
}
