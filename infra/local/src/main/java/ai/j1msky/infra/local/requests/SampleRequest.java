package ai.j1msky.infra.local.requests;

import java.util.Map;

/// One request of a file, with `{{…}}` where values go.
///
/// @param title what it shows
/// @param name how later requests refer to its answer; empty when they do not
/// @param body empty when it has none
/// @param status the status of the right answer
/// @param fields fields at the top of the right answer, with their values as text
record SampleRequest(
        String title,
        String name,
        String method,
        String url,
        Map<String, String> headers,
        String body,
        int status,
        Map<String, String> fields) {}
