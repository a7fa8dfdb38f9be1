/// What every request has: an id, a strictly read body, one line in the log.
///
/// Does not know who calls; admission does.
@NullMarked
package ai.j1msky.gateway.request;

import org.jspecify.annotations.NullMarked;
