/// The ledger as clients meet it: an account reads its entries, downloads them, and has them added up again.
///
/// Does not own what is on it: that is the billing service's.
@NullMarked
package ai.j1msky.gateway.ledger;

import org.jspecify.annotations.NullMarked;
