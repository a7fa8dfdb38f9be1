package ai.j1msky.common.view;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.id.WorkerId;
import java.time.Duration;
import java.time.YearMonth;

/// The names of all keys. An account's keys share the hash tag `{account}`.
///
/// An agent's view is a hash with these fields:
///
///     x    S spawning, R running, C completed, F failed, X cancelled; never changes once C, F or X
///     s    the agent's state as JSON
///     v    its facts as clients see them, as JSON
///     t    the sealed task, or `@` and the position of the command that holds it
///     r    the sealed result, or `@` and the position of the event that holds it
///     dk   the wrapped data key; gone once the agent's texts were deleted
///     er   when that was, in milliseconds
///     n    attempts that have started
///     cl   the claim: attempt, `:`, worker id
///     b    why it waits although it could be in a queue or running, while it is spawning
///     pc   how many of its model calls were put back into the providers' buckets after Redis had forgotten them
///     pos  the position of the newest command; missing until one was read
///     rs   when it was reserved, on Redis's clock (ms); until the log confirms it
///     at   when it was first known here, on the same clock
///     ra   when its first attempt was first known here, on the same clock
///     m    the model's alias
///     tm   the agents of a team
public final class RedisKeys {

    /// A hash: per partition the offset up to which the log is in Redis (`w:topic:partition`), and their sum (`total`).
    public static final String META = "j1:meta";

    /// The gateway that writes the projection now.
    public static final String OWNER = "j1:owner";

    /// Accounts that have agents which are not finished.
    public static final String ACCOUNTS = "j1:accounts";

    private RedisKeys() {}

    public static String agent(AccountId account, AgentId agent) {
        return "j1:{" + account + "}:a:" + agent;
    }

    /// Sorted set of the account's agents in a state (`spawning`, `running`), by creation in milliseconds.
    public static String agents(AccountId account, String state) {
        return "j1:{" + account + "}:" + state;
    }

    /// Sorted set of the key's unfinished agents, by the time in milliseconds at which a reservation lapses.
    public static String concurrent(AccountId account, KeyId key) {
        return "j1:{" + account + "}:k:" + key;
    }

    /// Hash of one `Idempotency-Key`.
    public static String idempotency(AccountId account, String keyDigest) {
        return "j1:{" + account + "}:i:" + keyDigest;
    }

    /// Hash of the balances of an account and its keys (see `money.lua`).
    public static String balances(AccountId account) {
        return "j1:{" + account + "}:b";
    }

    /// Sorted set of what is set aside and not in the account's balance yet (see `money.lua`).
    public static String pending(AccountId account) {
        return "j1:{" + account + "}:p";
    }

    /// Hash of the alerts that an account was sent, each by its key.
    public static String alerts(AccountId account) {
        return "j1:{" + account + "}:al";
    }

    /// Says that a gateway is about to send an alert; lapses when it dies before it is sent.
    ///
    /// @param alert its key
    public static String sending(AccountId account, String alert) {
        return "j1:{" + account + "}:als:" + alert;
    }

    /// Hash of what an account used in a month (UTC): by day, model, provider and key, parted by slashes, what was
    /// charged in micro-dollars, the agents, and the tokens they read and wrote.
    public static String usage(AccountId account, YearMonth month) {
        return "j1:{" + account + "}:c:" + month;
    }

    /// Bucket of one key's calls of one endpoint.
    public static String calls(AccountId account, KeyId key, String endpoint, Duration window) {
        return "j1:{" + account + "}:l:" + key + ":" + endpoint + ":" + window.toMillis();
    }

    /// Bucket of what one key was charged and holds, in micro-dollars, of one hour.
    public static String holds(AccountId account, KeyId key) {
        return "j1:{" + account + "}:h:" + key;
    }

    /// Bucket of the calls of one client address.
    public static String address(String address, Duration window) {
        return "j1:ip:" + address + ":" + window.toMillis();
    }

    /// Bucket of the calls of one provider, by all keys.
    public static String provider(String provider, Duration window) {
        return "j1:provider:" + provider + ":" + window.toMillis();
    }

    /// Hash of what is usual for one key (see `watch.lua`).
    public static String watch(AccountId account, KeyId key) {
        return "j1:{" + account + "}:u:" + key;
    }

    /// Sorted set of the addresses that one key was used from, by the last time in milliseconds.
    public static String addresses(AccountId account, KeyId key) {
        return "j1:{" + account + "}:ua:" + key;
    }

    /// Says that a worker lives; lapses when it stops renewing it.
    public static String lease(WorkerId worker) {
        return LEASES + worker;
    }

    /// Sorted set: API keys by when they were last used, in milliseconds. Gateways keep it from what they saw; it is not
    /// on the log, and a flush loses it.
    public static final String KEYS_USED = "j1:keys-used";

    /// Says that a signature was used; lapses when it would be too old anyway.
    ///
    /// @param nonce the key and the signature
    public static String signature(AccountId account, String nonce) {
        return "j1:{" + account + "}:n:" + nonce;
    }

    public static final String LEASES = "j1:lease:";
}
