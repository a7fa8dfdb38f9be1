package ai.j1msky.worker.sandbox.skill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// A step of a team, by the tags of the gateway's prompts. The plan shares real work out among the roles, a member does it
/// with the other skills, the merge puts the drafts together under headings. Nothing is invented.
final class TeamSkill implements Skill {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern STEP =
            Pattern.compile("^<team-step kind=\"(plan|member|merge)\"[^>]*/>");
    private static final Pattern ROLE = Pattern.compile("(?m)^- ([a-z][a-z0-9_-]*)");
    private static final Pattern DRAFT =
            Pattern.compile("<draft role=\"([^\"]*)\">\\n(.*?)\\n</draft>", Pattern.DOTALL);

    /// What the first, the second, … role is to do; then again from the first.
    private static final List<String> WORK =
            List.of("Summarise in 3 sentences", "Extract the keywords", "Count the words");

    private final List<Skill> others;

    /// @param others what members work with
    TeamSkill(List<Skill> others) {
        this.others = others;
    }

    @Override
    public Optional<String> answer(Task task) {
        Matcher step = STEP.matcher(task.text());
        if (!step.find()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (step.group(1)) {
                    case "plan" -> plan(task.text());
                    case "member" -> member(task.text());
                    default -> merge(task.text());
                });
    }

    private static String plan(String prompt) {
        Map<String, String> briefs = new LinkedHashMap<>();
        Matcher role = ROLE.matcher(prompt.substring(0, Math.max(0, prompt.indexOf("<task>"))));
        while (role.find()) {
            briefs.put(role.group(1), WORK.get(briefs.size() % WORK.size()));
        }
        return JSON.writeValueAsString(Map.of("briefs", briefs));
    }

    private String member(String prompt) {
        String brief = between(prompt, "brief");
        String work = WORK.contains(brief) ? brief : WORK.getFirst();
        Task task = Task.of(work + ":\n" + between(prompt, "task"));
        return others.stream()
                .flatMap(skill -> skill.answer(task).stream())
                .findFirst()
                .orElse("The sandbox can do nothing with this task.");
    }

    private static String merge(String prompt) {
        List<String> parts = new ArrayList<>();
        Matcher draft = DRAFT.matcher(prompt);
        while (draft.find()) {
            parts.add("## " + draft.group(1) + "\n\n" + plain(draft.group(2)));
        }
        return parts.isEmpty() ? "There was nothing to merge." : String.join("\n\n", parts);
    }

    /// What stands between two tags, as it was before it was put there.
    private static String between(String prompt, String tag) {
        int from = prompt.indexOf("<" + tag + ">\n");
        int to = prompt.indexOf("\n</" + tag + ">", Math.max(from, 0));
        return from < 0 || to < 0 ? "" : plain(prompt.substring(from + tag.length() + 3, to));
    }

    private static String plain(String data) {
        return data.replace("<\\/", "</");
    }
}
