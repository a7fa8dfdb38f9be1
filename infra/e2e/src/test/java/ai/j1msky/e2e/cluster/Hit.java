package ai.j1msky.e2e.cluster;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a fault met.
///
/// @param what was done, in words
/// @param agents how many agents it took from their worker, or how many were running elsewhere
/// @param lostNode the worker whose agents may be run again; empty when nobody's may
/// @param restart how long it took until the last of its agents was run by another, or null when none is to be
/// @param goneOn how long it took, without a hand, until agents that were spawned after the fault had ended, or null when
///     nothing was in their way
record Hit(
        String what,
        long agents,
        String lostNode,
        @Nullable Duration restart,
        @Nullable Duration goneOn) {}
