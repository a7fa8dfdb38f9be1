package ai.j1msky.common.policy;

import ai.j1msky.common.log.LogEntry;

/// A rule for the whole gateway that an admin has set, on the registry's compacted topic.
public sealed interface Policy extends LogEntry permits IpWhitelist, IpBlock {}
