package ai.j1msky.gateway.privacy;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.privacy.AccountPrivacy;
import ai.j1msky.common.registry.FoldedRegistry;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import java.util.concurrent.CompletableFuture;

/// Which accounts do not want that anything is learned about how they use their keys, folded in memory. Thread-safe.
public final class OptOuts implements AutoCloseable {

    private static final int STARTING_RETRY = 1;

    private final FoldedRegistry<AccountPrivacy> registry;

    public OptOuts(LogClients clients) {
        this.registry =
                new FoldedRegistry<>(
                        new EntryCodec<>(Topics.ACCOUNT_PRIVACY), clients, changed -> {});
    }

    public void start() {
        registry.start();
    }

    /// Whether something may be learned about that account's keys; not before it is known what accounts want.
    public boolean allow(AccountId account) {
        return registry.isCaughtUp() && !find(account);
    }

    boolean has(AccountId account) {
        if (!registry.isCaughtUp()) {
            throw ProblemException.retryAfter(Problem.STARTING, STARTING_RETRY);
        }
        return find(account);
    }

    private boolean find(AccountId account) {
        return registry.find(account.value()).filter(AccountPrivacy::optOut).isPresent();
    }

    /// Completes when the record at that position has been read.
    CompletableFuture<Void> reached(Position position) {
        return registry.reached(position);
    }

    @Override
    public void close() {
        registry.close();
    }
}
