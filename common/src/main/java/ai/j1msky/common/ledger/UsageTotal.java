package ai.j1msky.common.ledger;

import ai.j1msky.common.log.LogEntry;

/// An absolute figure that billing derives from the ledger: setting it is safe, however often.
public sealed interface UsageTotal extends LogEntry permits UsageCell, Balance {}
