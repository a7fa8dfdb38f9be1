/// Several workers: how they share work out, and who comes first.
@NullMarked
package ai.j1msky.bench.cluster;

import org.jspecify.annotations.NullMarked;
