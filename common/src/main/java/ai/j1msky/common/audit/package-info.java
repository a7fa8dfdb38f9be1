/// The audit log as it lies on its topic: entries chained by hash, anchors that say how far each chain goes, and what
/// is to be written at all.
///
/// Owns the shapes and the hash; who writes chains and who checks them is in the gateway.
@NullMarked
package ai.j1msky.common.audit;

import org.jspecify.annotations.NullMarked;
