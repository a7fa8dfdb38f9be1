package ai.j1msky.gateway.share;

/// Where an unfinished agent stands between its account and the workers.
public enum Place {
    /// Accepted, and nobody is asked to run it yet.
    WAITING,

    /// Some worker was asked to run it, or one does.
    IN_PLAY
}
