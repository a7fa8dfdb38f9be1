/// The money of agents as a ledger: what is set aside, charged and given back, and the sums of it.
///
/// Does not own when it is written: that is the billing service's.
@NullMarked
package ai.j1msky.common.ledger;

import org.jspecify.annotations.NullMarked;
