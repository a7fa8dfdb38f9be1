package ai.j1msky.gateway.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.apikey.Scope;
import ai.j1msky.gateway.fixture.GatewayFixture;

/// An account of its own in a real gateway, from which hostile requests are sent and judged.
final class Ground implements AutoCloseable {

    private static final String TASK = "Summarise nothing.";

    private final GatewayFixture gateway;
    private final String key;
    private final Traces traces;

    Ground(GatewayFixture gateway, String account) {
        this.gateway = gateway;
        this.key = gateway.key(account, Scope.AGENTS_READ, Scope.AGENTS_WRITE);
        this.traces = new Traces(gateway, account, key);
    }

    int port() {
        return gateway.port();
    }

    /// A good key of the account that may read and write agents.
    String key() {
        return key;
    }

    Answer send(Request request) {
        return RawConnection.exchange(port(), request);
    }

    /// Requires that the request gets an envelope with that status, that it leaves nothing behind (invariant I11), and
    /// that the gateway still answers.
    Answer requireRefused(int status, Request request) {
        Traces.Left before = traces.now();
        Answer answer = send(request).requireProblem(status);
        traces.requireUnchangedSince(before);
        return answer;
    }

    Traces traces() {
        return traces;
    }

    /// Spawns an agent that nobody will run, and answers its id.
    String spawn() {
        return spawn(TASK);
    }

    String spawn(String task) {
        Answer answer = send(Request.spawn(key, Bodies.spawn(task)));
        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        return answer.json().path("agent_id").stringValue();
    }

    Answer cancel(String agentId) {
        return send(Request.delete("/api/agent/" + agentId).bearer(key));
    }

    @Override
    public void close() {
        traces.close();
    }
}
