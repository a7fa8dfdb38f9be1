/// Sends one delivery to one endpoint, whatever that does, and says what follows. Knows nothing of the log.
@NullMarked
package ai.j1msky.notifier.send;

import org.jspecify.annotations.NullMarked;
