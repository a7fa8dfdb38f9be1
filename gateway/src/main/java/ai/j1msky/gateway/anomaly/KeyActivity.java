package ai.j1msky.gateway.anomaly;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.money.Money;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What one key did at this gateway since it was last brought to Redis. Thread-safe.
final class KeyActivity {

    private static final int MOST_ADDRESSES = 100;

    private final AccountId account;
    private final Set<String> addresses = new TreeSet<>();
    private long requests;
    private long errors;
    private long micros;

    KeyActivity(AccountId account) {
        this.account = account;
    }

    /// What was done: requests, those of them answered 400 to 499, micro-dollars of spawned agents, and from where.
    record Done(AccountId account, long requests, long errors, long micros, Set<String> addresses) {
        boolean isNothing() {
            return requests == 0 && micros == 0;
        }
    }

    synchronized void request(@Nullable String address, boolean isError) {
        requests++;
        errors += isError ? 1 : 0;
        if (address != null && addresses.size() < MOST_ADDRESSES) {
            addresses.add(address);
        }
    }

    synchronized void spawn(Money hold) {
        micros += hold.micros();
    }

    synchronized Done take() {
        Done done = new Done(account, requests, errors, micros, Set.copyOf(addresses));
        requests = 0;
        errors = 0;
        micros = 0;
        addresses.clear();
        return done;
    }
}
