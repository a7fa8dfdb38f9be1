/// The three parts of a run: the product, the floor, and the Kafka and Redis that both use.
///
/// Measures nothing.
@NullMarked
package ai.j1msky.bench.stack;

import org.jspecify.annotations.NullMarked;
