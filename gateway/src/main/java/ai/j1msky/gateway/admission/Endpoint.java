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
/// @param takesTokens whether the handler takes the request's tokens itself, in the script that serves it
/// @param label its name in metrics and logs, for example `GET /api/agent/{agent_id}`
/// @param limitName its name in the configuration of limits: without parameters and the common start, for example
///     `GET /agent`
/// @param handler what answers an admitted request
public record Endpoint(
        HttpMethod method,
        PathPattern path,
        Scope scope,
        boolean takesTokens,
        String label,
        String limitName,
        HandlerFunction<ServerResponse> handler) {

    /// @param path for example `/api/agent/{agent_id}`
    public static Endpoint of(
            HttpMethod method, String path, Scope scope, HandlerFunction<ServerResponse> handler) {
        return new Endpoint(
                method,
                PathPatternParser.defaultInstance.parse(path),
                scope,
                false,
                method + " " + path,
                method + " " + path.replaceAll("^/api|/\\{[^}]*}", ""),
                handler);
    }

    /// The same, which shares the limit of another.
    ///
    /// @param name the other's, for example `POST /spawn`
    public Endpoint limitedAs(String name) {
        return new Endpoint(method, path, scope, takesTokens, label, name, handler);
    }

    /// The same, whose handler takes the tokens of its [Caller] itself.
    public Endpoint takingTokens() {
        return new Endpoint(method, path, scope, true, label, limitName, handler);
    }
}
