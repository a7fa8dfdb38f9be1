/// Tells webhooks what happened to agents: each event to each endpoint at least once, signed, for as long as it takes.
@NullMarked
package ai.j1msky.notifier;

import org.jspecify.annotations.NullMarked;
