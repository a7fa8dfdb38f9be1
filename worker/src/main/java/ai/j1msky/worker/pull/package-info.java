/// Takes spawn commands from their queues: as many as there are free slots, fairly between priorities, and each once.
///
/// Owns a record from the poll to its acknowledgement; what runs afterwards is `run`'s.
@NullMarked
package ai.j1msky.worker.pull;

import org.jspecify.annotations.NullMarked;
