/// Decides what of all that happens is worth an audit entry, and hands it to the writer of chains.
///
/// Nothing here waits: whoever tells the audit something goes on at once. It knows no endpoint; those that change
/// something leave a note on the exchange, and the filter in the package `auditlog` tells it.
@NullMarked
package ai.j1msky.gateway.audit;

import org.jspecify.annotations.NullMarked;
