package ai.j1msky.gateway.projection;

import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.Deferral;
import ai.j1msky.common.log.Position;
import ai.j1msky.gateway.share.Place;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One agent as memory has it.
///
/// @param command where its newest command stands, or null until one has been read
/// @param seen when it was first seen here, on this process's monotonic clock (nanoseconds)
/// @param started when its first attempt was seen here, on the same clock; 0 before
/// @param putOff how it was put off last, or null
record LiveAgent(
        AgentState state,
        @Nullable Position command,
        long seen,
        long started,
        @Nullable PutOff putOff) {

    static final LiveAgent UNKNOWN = new LiveAgent(AgentState.UNKNOWN, null, 0, 0, null);

    /// A deferral as it was seen here.
    ///
    /// @param command the newest command at that time: while there is no newer one, the agent is in no queue
    /// @param seen on the monotonic clock
    record PutOff(Deferral deferral, @Nullable Position command, long seen) {}

    LiveAgent with(AgentState next, @Nullable Position newest, long now) {
        return new LiveAgent(
                next,
                newest,
                seen == 0 ? now : seen,
                started == 0 && !next.attempts().isEmpty() ? now : started,
                putOffBy(next.deferred(), newest, now));
    }

    private @Nullable PutOff putOffBy(
            @Nullable Deferral deferral, @Nullable Position newest, long now) {
        if (deferral == null) {
            return null;
        }
        return putOff != null && putOff.deferral.equals(deferral)
                ? putOff
                : new PutOff(deferral, newest, now);
    }

    /// Whether it is put off and has not been sent again since.
    boolean isPutOff() {
        return putOff != null && Objects.equals(putOff.command, command);
    }

    /// Where it stands between its account and the workers; null when it is not theirs to run.
    @Nullable Place place() {
        boolean isTeam = state.order() != null && state.order().team() != null;
        if (state.order() == null || isTeam || state.isTerminal() || isPutOff()) {
            return null;
        }
        return state.awaitsTurn() ? Place.WAITING : Place.IN_PLAY;
    }

    /// Whether it is put off and its wait is over.
    boolean isDue(long now) {
        return isPutOff()
                && putOff != null
                && now - putOff.seen >= TimeUnit.MILLISECONDS.toNanos(putOff.deferral.waitMillis());
    }

    /// The same agent, known to be older than it was seen here.
    LiveAgent aged(Duration waited, Duration ran) {
        return new LiveAgent(
                state,
                command,
                seen - waited.toNanos(),
                started == 0 ? 0 : started - ran.toNanos(),
                putOff);
    }
}
