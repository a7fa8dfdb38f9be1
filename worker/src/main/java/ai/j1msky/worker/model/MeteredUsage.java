package ai.j1msky.worker.model;

import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Usage;

/// What a call has used, and how that became known.
public record MeteredUsage(Usage usage, Metering metering) {

    /// Of a call that was never made.
    public static final MeteredUsage NONE = reported(Usage.NONE);

    public static MeteredUsage reported(Usage usage) {
        return new MeteredUsage(usage, Metering.REPORTED);
    }
}
