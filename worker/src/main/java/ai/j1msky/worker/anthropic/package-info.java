/// Calls models over Anthropic's wire: what a request says, what the events of its answer mean.
///
/// Owns no connection; `ai.j1msky.worker.http` does.
@NullMarked
package ai.j1msky.worker.anthropic;

import org.jspecify.annotations.NullMarked;
