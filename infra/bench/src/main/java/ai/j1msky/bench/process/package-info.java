/// Processes of this machine: starting, ending, and reading their use of CPU and memory from Linux.
///
/// Knows nothing of what they are for.
@NullMarked
package ai.j1msky.bench.process;

import org.jspecify.annotations.NullMarked;
