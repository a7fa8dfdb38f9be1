/// Money as callers see it: what was used, and budgets.
///
/// Does not own the ledger, which is the billing service's, nor the check at admission.
@NullMarked
package ai.j1msky.gateway.money;

import org.jspecify.annotations.NullMarked;
