/// What the sandbox can do: each skill recognises its own requests in a task and answers them, or passes.
///
/// Owns how a request is worded; the work behind it lives in `arithmetic`, `table` and `text`.
@NullMarked
package ai.j1msky.worker.sandbox.skill;

import org.jspecify.annotations.NullMarked;
