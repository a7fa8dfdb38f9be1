package ai.j1msky.gateway.hostile;

import java.util.function.Function;

/// One row of a table: what is sent, and what it must get.
///
/// @param name what is wrong with it, as a test report shows it
/// @param status the exact status
/// @param mention what the message must name
/// @param request made with a good key of the account
record Case(String name, int status, String mention, Function<String, Request> request) {

    /// A request that is refused with that status.
    static Case of(String name, int status, Function<String, Request> request) {
        return new Case(name, status, "", request);
    }

    /// A spawn whose body is refused with 400.
    static Case body(String name, String mention, String json) {
        return new Case(name, 400, mention, key -> Request.spawn(key, json));
    }

    static Case body(String name, String mention, byte[] json) {
        return new Case(name, 400, mention, key -> Request.spawn(key, json));
    }

    @Override
    public String toString() {
        return name + " → " + status;
    }
}
