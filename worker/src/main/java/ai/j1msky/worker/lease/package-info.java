/// What a worker holds in Redis: the claims of its attempts, and the one lease that says it lives.
///
/// Does not decide what a lost claim or lease means: the log does.
@NullMarked
package ai.j1msky.worker.lease;

import org.jspecify.annotations.NullMarked;
