/// Runs attempts: opens the task, calls the model, seals the answer, and stops the call when the log says so.
///
/// Does not own where attempts come from (`pull`) or how events reach the log for certain (`outbox`).
@NullMarked
package ai.j1msky.worker.run;

import org.jspecify.annotations.NullMarked;
