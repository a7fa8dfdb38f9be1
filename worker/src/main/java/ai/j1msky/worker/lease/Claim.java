package ai.j1msky.worker.lease;

import ai.j1msky.common.seal.WrappedKey;
import java.time.Duration;

/// What Redis says to a worker that wants to run an attempt.
public sealed interface Claim {

    /// The attempt is this worker's.
    ///
    /// @param key the agent's data key
    /// @param left how many calls of the hour its provider has left; negative when they are not limited
    record Granted(WrappedKey key, long left) implements Claim {}

    /// Its provider has no calls left in this hour.
    ///
    /// @param delay until the next one
    record Spent(Duration delay) implements Claim {}

    /// Another worker that lives has claimed it. Whether it runs there shows when its start is in the view.
    record Taken() implements Claim {}

    /// The attempt has started, or the agent is finished.
    record Ended() implements Claim {}

    /// Redis does not know the agent (yet).
    record Unknown() implements Claim {}
}
