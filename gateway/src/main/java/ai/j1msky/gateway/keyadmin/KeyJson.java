package ai.j1msky.gateway.keyadmin;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.apikey.MintedKey;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.gateway.request.Answers;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Keys as clients see them.
public final class KeyJson {

    private KeyJson() {}

    /// With both secrets: nobody can ask for them again.
    static ObjectNode shownOnce(MintedKey minted) {
        ApiKey key = minted.kept();
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.put("success", true);
        answer.put("key_id", key.keyId().value());
        answer.put("key", minted.text().reveal());
        answer.put("api_secret", minted.apiSecret());
        answer.put("env", key.env().wireName());
        putScopes(answer, key);
        answer.put("account", key.account().value());
        answer.put("created", Answers.time(key.created()));
        answer.put("expires_at", Answers.time(key.expires()));
        answer.put("require_signature", key.requireSignature());
        return answer;
    }

    public static ObjectNode metadata(ApiKey key, @Nullable Instant lastUsed, Instant now) {
        ApiKey.Secret newest = key.secrets().getLast();
        ObjectNode shown = WireJson.MAPPER.createObjectNode();
        shown.put("key_id", key.keyId().value());
        shown.put("name", key.name());
        shown.put("env", key.env().wireName());
        shown.put("prefix", newest.prefix());
        shown.put("last_four", newest.lastFour());
        putScopes(shown, key);
        shown.put("account", key.account().value());
        shown.put("created", Answers.time(key.created()));
        shown.put("last_used", lastUsed == null ? null : Answers.time(lastUsed));
        shown.put("expires_at", Answers.time(key.expires()));
        shown.put("require_signature", key.requireSignature());
        List<ApiKey.Secret> live = key.live(now);
        if (live.size() > 1) {
            ArrayNode secrets = shown.putArray("secrets");
            live.forEach(secret -> secrets.add(metadata(key, secret)));
        }
        return shown;
    }

    private static ObjectNode metadata(ApiKey key, ApiKey.Secret secret) {
        ObjectNode shown = WireJson.MAPPER.createObjectNode();
        shown.put("prefix", secret.prefix());
        shown.put("last_four", secret.lastFour());
        shown.put("created", Answers.time(secret.created()));
        shown.put(
                "first_used", secret.firstUsed() == null ? null : Answers.time(secret.firstUsed()));
        shown.put("ends", Answers.time(key.endOf(secret)));
        return shown;
    }

    private static void putScopes(ObjectNode answer, ApiKey key) {
        ArrayNode scopes = answer.putArray("scopes");
        key.scopes().stream().map(Scope::wireName).sorted().forEach(scopes::add);
    }
}
