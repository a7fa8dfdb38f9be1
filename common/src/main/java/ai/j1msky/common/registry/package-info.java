/// Compacted topics folded into memory: small facts that must be known without a network call.
@NullMarked
package ai.j1msky.common.registry;

import org.jspecify.annotations.NullMarked;
