/// What money costs: how fast billing writes the ledger and in what memory, what holding dollars adds to a spawn, and what
/// a report of usage takes.
@NullMarked
package ai.j1msky.bench.money;

import org.jspecify.annotations.NullMarked;
