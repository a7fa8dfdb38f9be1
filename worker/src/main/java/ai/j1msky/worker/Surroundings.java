package ai.j1msky.worker;

import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.worker.lease.RedisLink;
import ai.j1msky.worker.provider.ProviderTable;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;

/// What a worker works with.
///
/// @param coolFor how long a machine that was hot must have been cool before it takes work again
/// @param queueTime how long an agent may wait in its queue
/// @param version of the software
record Surroundings(
        LogClients clients,
        RedisLink redis,
        MasterKey masterKey,
        ProviderTable providers,
        Duration coolFor,
        Duration queueTime,
        String version,
        MeterRegistry registry,
        Clock clock) {}
