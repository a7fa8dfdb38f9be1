package ai.j1msky.gateway.admission;

import ai.j1msky.common.apikey.Scope;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/// One path and method of the API.
///
/// @param scope what a key needs to call it
/// @param handler what answers an admitted request
public record Endpoint(
        HttpMethod method, PathPattern path, Scope scope, HandlerFunction<ServerResponse> handler) {

    /// @param path for example `/api/agent/{agent_id}`
    public static Endpoint of(
            HttpMethod method, String path, Scope scope, HandlerFunction<ServerResponse> handler) {
        return new Endpoint(method, PathPatternParser.defaultInstance.parse(path), scope, handler);
    }

    /// The endpoint's name in metrics and logs, for example `GET /api/agent/{agent_id}`.
    public String label() {
        return method + " " + path.getPatternString();
    }
}
