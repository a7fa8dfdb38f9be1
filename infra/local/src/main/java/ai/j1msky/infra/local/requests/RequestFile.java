package ai.j1msky.infra.local.requests;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A `.http` file: variables at its top, then requests.
///
///     file    = *( comment / "@" name "=" value ) 1*request
///     request = "###" title *( comment ) METHOD SP url *header [ blank body ]
///     comment = "#" text   ; "# @name NAME" names the answer,
///                          ; "# expect STATUS *( field=value )" says what it must be
record RequestFile(Map<String, String> variables, List<SampleRequest> requests) {

    private static final Pattern VARIABLE = Pattern.compile("@(\\w+)\\s*=\\s*(.*)");
    private static final Pattern NAME = Pattern.compile("# @name (\\w+)");
    private static final Pattern EXPECTATION =
            Pattern.compile("# expect (\\d{3})((?: \\w+=\\S+)*)");
    private static final Pattern REQUEST = Pattern.compile("(GET|POST|PUT|DELETE|PATCH) (\\S+)");
    private static final Pattern HEADER = Pattern.compile("([\\w-]+):\\s*(.*)");

    /// @throws IllegalArgumentException when it is not such a file
    static RequestFile parse(String text) {
        List<String> sections = List.of(text.split("(?m)^###", -1));
        Map<String, String> variables = new LinkedHashMap<>();
        sections.getFirst()
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> match(VARIABLE, line))
                .forEach(found -> variables.put(found.group(1), found.group(2).strip()));
        List<SampleRequest> requests = sections.stream().skip(1).map(RequestFile::request).toList();
        return new RequestFile(variables, requests);
    }

    private static SampleRequest request(String section) {
        Deque<String> lines = new ArrayDeque<>(section.lines().toList());
        String title = lines.removeFirst().strip();
        String name = "";
        int status = 0;
        Map<String, String> fields = new LinkedHashMap<>();
        while (!lines.isEmpty() && (lines.element().isBlank() || lines.element().startsWith("#"))) {
            String line = lines.removeFirst().strip();
            Matcher named = NAME.matcher(line);
            if (named.matches()) {
                name = named.group(1);
            } else if (line.startsWith("# expect")) {
                Matcher expected = match(EXPECTATION, line);
                status = Integer.parseInt(expected.group(1));
                fields.putAll(fields(expected.group(2)));
            }
        }
        if (lines.isEmpty() || status == 0) {
            throw new IllegalArgumentException("no request or no '# expect' in: " + title);
        }
        Matcher request = match(REQUEST, lines.removeFirst().strip());
        return new SampleRequest(
                title,
                name,
                request.group(1),
                request.group(2),
                headers(lines),
                String.join("\n", lines).strip(),
                status,
                fields);
    }

    private static Map<String, String> headers(Deque<String> lines) {
        Map<String, String> headers = new LinkedHashMap<>();
        while (!lines.isEmpty() && !lines.element().isBlank()) {
            Matcher header = match(HEADER, lines.removeFirst());
            headers.put(header.group(1), header.group(2).strip());
        }
        return headers;
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        List<String> words = new ArrayList<>(List.of(text.strip().split(" ", -1)));
        words.removeIf(String::isEmpty);
        for (String word : words) {
            int equals = word.indexOf('=');
            fields.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return fields;
    }

    private static Matcher match(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not understood: " + line);
        }
        return matcher;
    }
}
