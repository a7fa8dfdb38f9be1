/// The cluster as clients see it: this machine, the nodes that run agents, and which models they can call.
///
/// Decides nothing about agents: a node that is lost here is only shown so.
@NullMarked
package ai.j1msky.gateway.node;

import org.jspecify.annotations.NullMarked;
