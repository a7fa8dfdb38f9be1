/// The measurements: what is loaded, in which order, and when something counts as done.
///
/// Starts no process and prints nothing.
@NullMarked
package ai.j1msky.bench.measure;

import org.jspecify.annotations.NullMarked;
