/// Turns what happens to agents into the ledger and its sums, each movement exactly once.
///
/// Does not own what a model costs or whether an agent may start: that is decided before.
@NullMarked
package ai.j1msky.billing;

import org.jspecify.annotations.NullMarked;
