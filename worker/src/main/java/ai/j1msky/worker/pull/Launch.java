package ai.j1msky.worker.pull;

import ai.j1msky.common.id.WorkerId;
import ai.j1msky.worker.lease.Claims;
import ai.j1msky.worker.outbox.Outbox;
import ai.j1msky.worker.provider.ProviderTable;
import ai.j1msky.worker.run.AttemptRunner;
import ai.j1msky.worker.run.Run;
import ai.j1msky.worker.run.RunningAgents;
import java.util.function.BooleanSupplier;

/// What it takes to start attempts: who claims, who runs, and who is told.
public record Launch(
        WorkerId worker,
        Claims claims,
        ProviderTable providers,
        RunningAgents running,
        AttemptRunner runner,
        Outbox outbox) {

    Starter starter(Pullers.Parts parts, Redelivery redelivery, BooleanSupplier closing) {
        return new Starter(
                new ClaimRounds(claims, providers, redelivery, closing),
                granted ->
                        new Run(
                                granted.task().command(),
                                granted.key(),
                                granted.choice(),
                                worker,
                                parts.clock().instant()),
                worker,
                running,
                runner,
                parts.slots(),
                parts.writer(),
                outbox,
                parts.clock());
    }
}
