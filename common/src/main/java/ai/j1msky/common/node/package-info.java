/// How each machine of the cluster reports its health.
@NullMarked
package ai.j1msky.common.node;

import org.jspecify.annotations.NullMarked;
