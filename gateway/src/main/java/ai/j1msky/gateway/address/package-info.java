/// Where a request comes from, and whether requests from there may enter: the whitelist and the blocked addresses,
/// folded in memory, so that the check costs no network; and the endpoints that set them.
///
/// Does not know who calls: it is asked before anybody is identified.
@NullMarked
package ai.j1msky.gateway.address;

import org.jspecify.annotations.NullMarked;
