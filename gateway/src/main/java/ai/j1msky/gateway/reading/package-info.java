/// How endpoints read the log itself: pages of it from the newest back, a stretch of it from the oldest on, and runs over
/// all of it that outlast a request.
///
/// Knows no topic: what a record means is told by its caller.
@NullMarked
package ai.j1msky.gateway.reading;

import org.jspecify.annotations.NullMarked;
