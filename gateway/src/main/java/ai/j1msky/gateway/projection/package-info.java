/// Follows the log: folds every agent that is not finished in memory and, in the one gateway that owns the
/// projection, writes views to Redis and ends what would hang.
@NullMarked
package ai.j1msky.gateway.projection;

import org.jspecify.annotations.NullMarked;
