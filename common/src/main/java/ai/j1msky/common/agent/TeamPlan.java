package ai.j1msky.common.agent;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;

/// Who works for a team, fixed when it was ordered: its lead plans, its members work side by side, its lead merges. Each of
/// these steps is an agent of its own, with a hold of its own; together they hold what the team's order does.
///
/// @param name for example `team_coding`
/// @param models how clients know the members' models, for example `kimi-coding/k2p5`
/// @param steps the plan first, the merge last
public record TeamPlan(String name, List<String> models, List<Step> steps) {

    /// What a step is for.
    public enum Kind {
        PLAN,
        MEMBER,
        MERGE;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        static Kind parse(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    /// One agent of the team.
    ///
    /// @param role what it does there; `plan` and `merge` for the lead's own steps
    /// @param model the alias that it asks for
    public record Step(
            AgentId agentId, Kind kind, String role, String model, Money hold, Price price) {
        public Step {
            requireNonNull(agentId, "agent_id");
            requireNonNull(kind, "kind");
            requireNonNull(role, "role");
            requireNonNull(model, "model");
            requireNonNull(hold, "hold");
            requireNonNull(price, "price");
        }
    }

    public TeamPlan {
        requireNonNull(name, "name");
        models = List.copyOf(models);
        steps = List.copyOf(steps);
        if (steps.size() < 3
                || steps.getFirst().kind() != Kind.PLAN
                || steps.getLast().kind() != Kind.MERGE) {
            throw new IllegalArgumentException("a team has a plan, members and a merge");
        }
        if (steps.subList(1, steps.size() - 1).stream().anyMatch(s -> s.kind() != Kind.MEMBER)) {
            throw new IllegalArgumentException("between plan and merge are members only");
        }
    }

    public Step plan() {
        return steps.getFirst();
    }

    public List<Step> members() {
        return steps.subList(1, steps.size() - 1);
    }

    public Step merge() {
        return steps.getLast();
    }
}
