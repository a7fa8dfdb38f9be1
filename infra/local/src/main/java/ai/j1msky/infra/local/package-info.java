/// Kafka and Redis for one machine without containers, and the commands behind the launcher script.
///
/// Owns processes and files of a local installation; knows nothing about agents, keys or money beyond calling the
/// HTTP API like any other client.
@NullMarked
package ai.j1msky.infra.local;

import org.jspecify.annotations.NullMarked;
