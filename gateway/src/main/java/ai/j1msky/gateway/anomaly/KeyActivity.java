package ai.j1msky.gateway.anomaly;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.money.Money;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What one key did at this gateway since the last round.
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

    KeyActivity request(@Nullable String address, boolean isError) {
        requests++;
        errors += isError ? 1 : 0;
        if (address != null && addresses.size() < MOST_ADDRESSES) {
            addresses.add(address);
        }
        return this;
    }

    KeyActivity spawn(Money hold) {
        micros += hold.micros();
        return this;
    }

    AccountId account() {
        return account;
    }

    long requests() {
        return requests;
    }

    /// Those of the requests that were answered 400 to 499.
    long errors() {
        return errors;
    }

    /// Holds of spawned agents, in micro-dollars.
    long micros() {
        return micros;
    }

    Set<String> addresses() {
        return addresses;
    }
}
