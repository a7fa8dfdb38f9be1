package ai.j1msky.gateway.ledger;

import ai.j1msky.gateway.Api;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/// An answer whose body is a text and maybe no JSON.
record Answered(int status, HttpHeaders headers, String body) {

    static Answered of(Api api, String path) {
        HttpRequest request =
                HttpRequest.newBuilder(api.base().resolve(path))
                        .header("Authorization", "Bearer " + api.key())
                        .build();
        HttpResponse<String> response =
                api.http().sendAsync(request, BodyHandlers.ofString()).join();
        return new Answered(response.statusCode(), response.headers(), response.body());
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }
}
