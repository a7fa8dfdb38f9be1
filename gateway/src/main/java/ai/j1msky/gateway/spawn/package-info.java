/// Takes a wish for an agent: strict reading, reservation in Redis, one acknowledged record on the log, an answer.
@NullMarked
package ai.j1msky.gateway.spawn;

import org.jspecify.annotations.NullMarked;
