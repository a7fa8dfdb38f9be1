package ai.j1msky.gateway.projection;

import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.log.Position;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One agent as memory has it.
///
/// @param command where its newest command stands, or null until one has been read
/// @param seen when it was first seen here, on this process's monotonic clock (nanoseconds)
/// @param started when its first attempt was seen here, on the same clock; 0 before
record LiveAgent(AgentState state, @Nullable Position command, long seen, long started) {

    static final LiveAgent UNKNOWN = new LiveAgent(AgentState.UNKNOWN, null, 0, 0);

    LiveAgent with(AgentState next, @Nullable Position newest, long now) {
        return new LiveAgent(
                next,
                newest,
                seen == 0 ? now : seen,
                started == 0 && !next.attempts().isEmpty() ? now : started);
    }

    /// The same agent, known to be older than it was seen here.
    LiveAgent aged(Duration waited, Duration ran) {
        return new LiveAgent(
                state,
                command,
                seen - waited.toNanos(),
                started == 0 ? 0 : started - ran.toNanos());
    }
}
