/// Money in whole micro-dollars and what it is computed from: token counts, how they became known, and prices.
///
/// Does not own who pays or when: that is billing's.
@NullMarked
package ai.j1msky.common.money;

import org.jspecify.annotations.NullMarked;
