package ai.j1msky.worker.http;

import ai.j1msky.worker.model.ModelFailure;
import dev.langchain4j.http.client.sse.ServerSentEvent;

/// What the events of one wire mean. One instance reads one answer, on one thread.
public interface WireEvents {

    /// Takes one event into the answer. Events of an unknown kind are passed over, as providers add new ones.
    ///
    /// @return true if the answer is complete with this event
    /// @throws ModelFailure of kind [ModelFailure.Kind#PROVIDER_STREAM] if it is malformed or reports an error
    boolean read(ServerSentEvent event, AnswerSoFar answer) throws ModelFailure;

    /// Whether the answer is complete though the stream ended without the wire's last event.
    boolean mayEndHere();
}
