/// Makes sure that what a worker has to say about its attempts reaches the log, also when the log does not answer now.
///
/// Duplicates are harmless: the life of an agent ignores what it has seen.
@NullMarked
package ai.j1msky.worker.outbox;

import org.jspecify.annotations.NullMarked;
