/// Clients that mean ill, those who want to be served all the same, and what the gateway's process takes meanwhile.
@NullMarked
package ai.j1msky.bench.hostile;

import org.jspecify.annotations.NullMarked;
