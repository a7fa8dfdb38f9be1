package ai.j1msky.gateway.spawn;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.agent.Privacy;
import ai.j1msky.common.agent.TeamPlan;
import ai.j1msky.common.agent.TeamPlan.Kind;
import ai.j1msky.common.agent.TeamPlan.Step;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.config.ModelConfig;
import ai.j1msky.common.config.TeamConfig;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.money.Price;
import ai.j1msky.gateway.request.Fields;
import ai.j1msky.gateway.team.TeamPrompts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The body of `POST /api/spawn-team`.
///
/// @param task the text in clear; it leaves this process only sealed
/// @param privacy what is to happen with its texts, or null
record TeamRequest(TeamConfig team, String task, Priority priority, @Nullable Privacy privacy) {

    /// How long each of its agents may run, in seconds.
    static final int STEP_TIMEOUT = 300;

    static TeamRequest read(Fields fields, AgencyConfig config) {
        String team = fields.oneOf("team", config.teams().keySet());
        String task = fields.text("task", 1, SpawnRequest.LONGEST_TASK);
        String priority =
                fields.oneOf(
                        "priority",
                        Arrays.stream(Priority.values()).map(Priority::wireName).toList(),
                        Priority.NORMAL.wireName());
        Privacy privacy = PrivacyFields.read(fields, config.retention());
        fields.nothingElse();
        return new TeamRequest(
                requireNonNull(config.teams().get(team)),
                task,
                Priority.find(priority).orElseThrow(),
                privacy);
    }

    /// Who will do what, and what each of them may cost: whatever the others hand over, a prompt is never longer.
    ///
    /// @param ids of its agents
    TeamPlan plan(AgencyConfig config, boolean livemode, Instant at, Supplier<AgentId> ids) {
        List<Step> steps = new ArrayList<>();
        steps.add(step(Kind.PLAN, "plan", team.lead(), config, livemode, at, ids));
        for (int i = 0; i < team.members().size(); i++) {
            String role = team.roles().get(i);
            steps.add(step(Kind.MEMBER, role, team.members().get(i), config, livemode, at, ids));
        }
        steps.add(step(Kind.MERGE, "merge", team.lead(), config, livemode, at, ids));
        List<String> names =
                team.members().stream().map(alias -> model(config, alias).wireName()).toList();
        return new TeamPlan(team.name(), names, steps);
    }

    private Step step(
            Kind kind,
            String role,
            String alias,
            AgencyConfig config,
            boolean livemode,
            Instant at,
            Supplier<AgentId> ids) {
        ModelConfig model = model(config, alias);
        Price price = livemode ? model.prices().at(at) : Price.FREE;
        int longest = TeamPrompts.longest(kind, team.roles(), role, task);
        return new Step(ids.get(), kind, role, alias, model.holdFor(longest, price), price);
    }

    private static ModelConfig model(AgencyConfig config, String alias) {
        return requireNonNull(config.models().get(alias));
    }

    /// The request in one text, the same for equal requests.
    String canonical() {
        return team.name()
                + "\n"
                + priority.wireName()
                + "\n"
                + PrivacyFields.canonical(privacy)
                + task;
    }

    @Override
    public String toString() {
        return "TeamRequest[" + team.name() + ", " + task.length() + " characters]";
    }
}
