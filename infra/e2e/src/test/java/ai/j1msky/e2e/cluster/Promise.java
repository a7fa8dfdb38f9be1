package ai.j1msky.e2e.cluster;

/// What the product promises and a round checks.
enum Promise {
    /// A spawn answered 200 is readable within 2 s and stays so.
    I1,
    /// Every accepted agent ends.
    I2,
    /// One that has ended never changes.
    I3,
    /// States only go forward.
    I4,
    /// Each agent is charged exactly once, and all sums agree.
    I5,
    /// One model call for an agent, one more when its worker was lost, none after a cancel.
    I14,
    /// All is as before a minute after the fault.
    I20
}
