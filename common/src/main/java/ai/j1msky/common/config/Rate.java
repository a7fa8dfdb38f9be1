package ai.j1msky.common.config;

import java.time.Duration;

/// So many in any window of that length.
public record Rate(int limit, Duration window) {}
