/// How this node and its worker stand: on the `nodes` topic, as metrics and as a health check.
@NullMarked
package ai.j1msky.worker.health;

import org.jspecify.annotations.NullMarked;
