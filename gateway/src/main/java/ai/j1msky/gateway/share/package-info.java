/// Keeps the agents of one account from standing in the way of another's. Says how many of each account may be in the
/// queues or running; does not know the log, and takes nothing away from agents that run.
@NullMarked
package ai.j1msky.gateway.share;

import org.jspecify.annotations.NullMarked;
