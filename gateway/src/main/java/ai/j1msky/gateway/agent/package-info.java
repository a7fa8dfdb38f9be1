/// Answers about agents, and stops them on their owner's request.
@NullMarked
package ai.j1msky.gateway.agent;

import org.jspecify.annotations.NullMarked;
