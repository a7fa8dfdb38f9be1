/// Runs one streamed call to a model over HTTP: connection, deadlines, stop, limits, event stream, token counts.
///
/// Knows no provider; what an event means is decided by the [WireEvents] of each wire. LangChain4j writes the requests
/// ([WrittenRequest]), the answers are read here: its own stream reading has no limit on a line or an answer, keeps
/// every event, loses `Retry-After`, shows token counts only at the end and takes a missing count for zero.
@NullMarked
package ai.j1msky.worker.http;

import org.jspecify.annotations.NullMarked;
