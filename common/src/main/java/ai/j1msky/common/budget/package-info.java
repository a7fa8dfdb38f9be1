/// Budgets: how much an account, or one of its API keys, may be charged and hold in a day and in a month, and what
/// is told of it.
///
/// Does not enforce them; admission in the gateway does.
@NullMarked
package ai.j1msky.common.budget;

import org.jspecify.annotations.NullMarked;
