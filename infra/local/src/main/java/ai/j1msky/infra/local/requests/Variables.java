package ai.j1msky.infra.local.requests;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What stands for `{{name}}` and, from earlier answers, for `{{request.response.body.field}}`.
final class Variables {

    private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*([^}]+?)\\s*}}");
    private static final String BODY = ".response.body.";

    private final Map<String, String> values;
    private final Map<String, JsonNode> answers = new HashMap<>();

    /// @param given wins over what the file itself says
    Variables(Map<String, String> ofFile, Map<String, String> given) {
        this.values = new HashMap<>(ofFile);
        this.values.putAll(given);
    }

    void remember(String request, JsonNode answer) {
        answers.put(request, answer);
    }

    /// @throws IllegalArgumentException when nothing stands for a name
    String fill(String text) {
        return PLACE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1))));
    }

    private String value(String name) {
        String value = values.get(name);
        if (value != null) {
            return value;
        }
        int body = name.indexOf(BODY);
        JsonNode answer = body < 0 ? null : answers.get(name.substring(0, body));
        JsonNode field = answer == null ? null : answer.get(name.substring(body + BODY.length()));
        if (field == null) {
            throw new IllegalArgumentException("nothing stands for {{" + name + "}}");
        }
        return field.asString();
    }
}
