package ai.j1msky.infra.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// `key create`, `key list` and `key revoke`.
final class KeyCommands {

    private static final int NOT_FOUND = 404;
    private static final Pattern KEY_ID = Pattern.compile("key_[A-Za-z0-9]+");
    private static final List<String> HEADINGS =
            List.of("KEY ID", "NAME", "ENV", "KEY", "SCOPES", "CREATED", "LAST USED", "EXPIRES");

    private final ApiClient api;

    KeyCommands(ApiClient api) {
        this.api = api;
    }

    /// The text of the new key, which is shown this once.
    String create(String name, String environment, List<String> scopes) {
        return api.post("/keys", Map.of("name", name, "env", environment, "scopes", scopes))
                .path("key")
                .asString();
    }

    /// A table with a line for each key.
    String list() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        api.get("/keys").path("keys").forEach(key -> rows.add(row(key)));
        return table(rows);
    }

    /// @throws UsageException when there is no such key
    void revoke(String keyId) {
        if (!KEY_ID.matcher(keyId).matches()) {
            throw new UsageException("Not a key id (key_…): use the first column of `key list`.");
        }
        try {
            api.delete("/keys/" + keyId);
        } catch (ApiClient.RefusedException refused) {
            throw refused.status() == NOT_FOUND
                    ? new UsageException("No such key: " + keyId + ".")
                    : refused;
        }
    }

    private static List<String> row(JsonNode key) {
        String shown = text(key, "prefix") + "…" + text(key, "last_four");
        String scopes =
                StreamSupport.stream(key.path("scopes").spliterator(), false)
                        .map(JsonNode::asString)
                        .collect(Collectors.joining(","));
        return List.of(
                text(key, "key_id"),
                text(key, "name"),
                text(key, "env"),
                shown,
                scopes,
                text(key, "created"),
                text(key, "last_used"),
                text(key, "expires_at"));
    }

    private static String text(JsonNode key, String field) {
        JsonNode value = key.path(field);
        return value.isString() ? value.asString() : "-";
    }

    private static String table(List<List<String>> rows) {
        int[] widths = new int[HEADINGS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            table.append(line.toString().stripTrailing()).append('\n');
        }
        return table.toString();
    }
}
