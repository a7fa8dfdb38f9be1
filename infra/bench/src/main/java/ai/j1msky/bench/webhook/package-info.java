/// What one notifier can do: endpoints by the thousand, lives of agents to tell them of, and who is told.
@NullMarked
package ai.j1msky.bench.webhook;

import org.jspecify.annotations.NullMarked;
