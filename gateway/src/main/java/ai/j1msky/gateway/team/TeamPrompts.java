package ai.j1msky.gateway.team;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.j1msky.common.agent.TeamPlan.Kind;
import ai.j1msky.common.log.WireJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What the agents of a team are told. The words are in the resources under `prompts`; what clients and models wrote stands
/// between tags that it cannot close, so that one model's output is data to the next.
public final class TeamPrompts {

    /// A brief is cut to this many bytes of UTF-8, a draft to this many: so a merge costs what was held at most.
    static final int LONGEST_BRIEF = 4 * 1024;

    static final int LONGEST_DRAFT = 16 * 1024;

    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");
    private static final Pattern CLOSING = Pattern.compile("</");
    private static final Pattern FENCE =
            Pattern.compile("^\\s*```[^`\\n]*\\n(.*)\\n```\\s*$", Pattern.DOTALL);
    private static final String NO_BRIEF =
            "The lead wrote no brief. Do what your role suggests for the task.";
    private static final String PLAN = text("plan.md");
    private static final String MEMBER = text("member.md");
    private static final String MERGE = text("merge.md");

    private TeamPrompts() {}

    /// What the lead is told first.
    static String plan(List<String> roles, String task) {
        String members =
                roles.stream()
                        .map(role -> "- " + role + about(role).map(text -> ": " + text).orElse(""))
                        .collect(Collectors.joining("\n"));
        return filled(PLAN, Map.of("members", members, "task", data(task)));
    }

    /// What a member is told.
    ///
    /// @param brief null when the lead wrote none
    static String member(String role, @Nullable String brief, String task) {
        return filled(
                MEMBER,
                Map.of(
                        "role",
                        role,
                        "about",
                        about(role).orElse(""),
                        "brief",
                        brief == null ? NO_BRIEF : cut(data(brief), LONGEST_BRIEF),
                        "task",
                        data(task)));
    }

    /// What the lead is told in the end.
    ///
    /// @param drafts by role, of those that have completed
    /// @param missing roles whose members have not
    static String merge(Map<String, String> drafts, List<String> missing, String task) {
        String shown =
                drafts.entrySet().stream()
                        .map(
                                draft ->
                                        "<draft role=\"%s\">\n%s\n</draft>"
                                                .formatted(
                                                        draft.getKey(),
                                                        cut(data(draft.getValue()), LONGEST_DRAFT)))
                        .collect(Collectors.joining("\n"));
        String without =
                missing.isEmpty()
                        ? ""
                        : " These members delivered nothing, so do their part as well as you can: "
                                + String.join(", ", missing)
                                + ".";
        return filled(MERGE, Map.of("missing", without, "task", data(task), "drafts", shown));
    }

    /// How many bytes of UTF-8 a prompt has at most, whatever the others hand over.
    public static int longest(Kind kind, List<String> roles, String role, String task) {
        String prompt =
                switch (kind) {
                    case PLAN -> plan(roles, task);
                    case MEMBER -> member(role, "x".repeat(LONGEST_BRIEF), task);
                    case MERGE -> {
                        Map<String, String> drafts = new LinkedHashMap<>();
                        roles.forEach(each -> drafts.put(each, "x".repeat(LONGEST_DRAFT)));
                        // As if all were there and all were missing, too.
                        yield merge(drafts, roles, task);
                    }
                };
        return prompt.getBytes(UTF_8).length;
    }

    /// The briefs of a plan, by role; those that it lacks are not there. Whatever a model wrote is no failure here.
    static Map<String, String> briefs(String plan) {
        Map<String, String> briefs = new LinkedHashMap<>();
        Matcher fence = FENCE.matcher(plan);
        String json = fence.matches() ? fence.group(1) : plan;
        try {
            for (Map.Entry<String, JsonNode> brief :
                    WireJson.MAPPER.readTree(json).path("briefs").properties()) {
                if (brief.getValue().isString()) {
                    briefs.put(brief.getKey(), brief.getValue().stringValue());
                }
            }
        } catch (JacksonException prose) {
            return Map.of();
        }
        return briefs;
    }

    private static Optional<String> about(String role) {
        return resource("roles/" + role + ".md").map(String::strip);
    }

    /// Text that cannot end the tags around it.
    private static String data(String text) {
        return CLOSING.matcher(text).replaceAll("<\\\\/");
    }

    /// The longest beginning that has at most so many bytes and cuts no character in two.
    private static String cut(String text, int bytes) {
        byte[] whole = text.getBytes(UTF_8);
        if (whole.length <= bytes) {
            return text;
        }
        int end = bytes;
        while (end > 0 && (whole[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(whole, 0, end, UTF_8);
    }

    /// In one pass: what is put in is not looked at again.
    private static String filled(String template, Map<String, String> values) {
        return PLACE.matcher(template)
                .replaceAll(
                        place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), "")));
    }

    private static String text(String name) {
        return resource(name).orElseThrow(() -> new IllegalStateException("no prompt " + name));
    }

    private static Optional<String> resource(String name) {
        try (InputStream stream = TeamPrompts.class.getResourceAsStream("/prompts/" + name)) {
            return stream == null
                    ? Optional.empty()
                    : Optional.of(new String(stream.readAllBytes(), UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
