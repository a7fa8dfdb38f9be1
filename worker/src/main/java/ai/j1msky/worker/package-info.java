/// The worker service: takes spawn commands from the log, calls models and writes what happened back to the log.
@NullMarked
package ai.j1msky.worker;

import org.jspecify.annotations.NullMarked;
