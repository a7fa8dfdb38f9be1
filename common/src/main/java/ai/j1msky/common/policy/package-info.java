/// Rules that admins set while the product runs, as they are kept on the log.
///
/// Does not apply them; the gateway's door does.
@NullMarked
package ai.j1msky.common.policy;

import org.jspecify.annotations.NullMarked;
