package ai.j1msky.gateway.address;

/// What the rules say of an address.
sealed interface Verdict {

    record Welcome() implements Verdict {}

    /// It is not on the whitelist.
    ///
    /// @param enforced false when it may enter all the same
    /// @param logged whether that is worth a line
    record NotWhitelisted(boolean enforced, boolean logged) implements Verdict {}

    /// @param logged whether that is worth a line
    record Blocked(boolean logged) implements Verdict {}
}
