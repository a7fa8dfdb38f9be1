/// Writes what happened as chains of entries and their anchors, and checks them.
///
/// A gateway writes one chain at a time, each batch of entries in one transaction with the anchor that counts them.
/// Does not decide what is worth an entry.
@NullMarked
package ai.j1msky.gateway.audit.chain;

import org.jspecify.annotations.NullMarked;
