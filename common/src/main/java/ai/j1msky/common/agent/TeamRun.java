package ai.j1msky.common.agent;

import ai.j1msky.common.agent.TeamPlan.Step;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a team does next: a function of how it and its steps stand on the log, so whoever coordinates it may die, come
/// back, or be two; a move that is made twice changes nothing.
public final class TeamRun {

    private TeamRun() {}

    /// One thing to be written.
    public sealed interface Move {

        /// The first step runs.
        record Begin() implements Move {}

        /// A step's command: all that it needs from others is there.
        record Command(Step step) implements Move {}

        /// A step is no longer needed.
        record Stop(Step step) implements Move {}

        /// The team ends.
        record End(Ending ending) implements Move {}
    }

    /// How a team ends, and what its steps have used and cost together.
    ///
    /// @param error why, when it failed
    public record Ending(
            AgentStatus status,
            @Nullable FailureReason error,
            Usage usage,
            Metering metering,
            Money cost) {}

    /// @param team its state; its order has a plan
    /// @param steps what is known of its steps; one without a command is not there, or has no order
    public static List<Move> next(AgentState team, Map<Step, AgentState> steps) {
        AgentOrder order = team.order();
        if (order == null || order.team() == null || team.isTerminal()) {
            return List.of();
        }
        TeamPlan plan = order.team();
        List<Move> moves = new ArrayList<>();
        if (team.teamStarted() == null && anyStarted(plan, steps)) {
            moves.add(new Move.Begin());
        }
        if (team.cancelRequested()) {
            return ending(moves, plan, steps, AgentStatus.CANCELLED, null);
        }
        if (!isCommanded(plan.plan(), steps)) {
            moves.add(new Move.Command(plan.plan()));
        } else if (!isOver(plan.plan(), steps)) {
            return moves;
        } else if (plan.members().stream().anyMatch(member -> !isOver(member, steps))) {
            plan.members().stream()
                    .filter(member -> !isCommanded(member, steps) && !isOver(member, steps))
                    .forEach(member -> moves.add(new Move.Command(member)));
        } else if (plan.members().stream().noneMatch(member -> isCompleted(member, steps))) {
            return ending(
                    moves, plan, steps, AgentStatus.FAILED, FailureReason.TEAM_MEMBERS_FAILED);
        } else if (!isOver(plan.merge(), steps)) {
            if (!isCommanded(plan.merge(), steps)) {
                moves.add(new Move.Command(plan.merge()));
            }
        } else {
            boolean merged = isCompleted(plan.merge(), steps);
            return ending(
                    moves,
                    plan,
                    steps,
                    merged ? AgentStatus.COMPLETED : AgentStatus.FAILED,
                    merged ? null : FailureReason.TEAM_MERGE_FAILED);
        }
        return moves;
    }

    /// The end, once no step can change its cost any more; until then what takes the steps there.
    private static List<Move> ending(
            List<Move> moves,
            TeamPlan plan,
            Map<Step, AgentState> steps,
            AgentStatus status,
            @Nullable FailureReason error) {
        List<Step> open = plan.steps().stream().filter(step -> !isOver(step, steps)).toList();
        if (open.isEmpty()) {
            moves.add(new Move.End(sum(plan, steps, status, error)));
        } else {
            open.stream()
                    .filter(step -> !of(step, steps).cancelRequested())
                    .forEach(step -> moves.add(new Move.Stop(step)));
        }
        return moves;
    }

    /// A failure now, with what the steps have used and cost so far.
    public static Ending sum(TeamPlan plan, Map<Step, AgentState> steps, FailureReason reason) {
        return sum(plan, steps, AgentStatus.FAILED, reason);
    }

    private static Ending sum(
            TeamPlan plan,
            Map<Step, AgentState> steps,
            AgentStatus status,
            @Nullable FailureReason error) {
        Usage usage = Usage.NONE;
        Metering metering = Metering.REPORTED;
        Money cost = Money.ZERO;
        for (Step step : plan.steps()) {
            AgentState state = of(step, steps);
            Outcome outcome = state.outcome();
            if (outcome != null) {
                usage =
                        new Usage(
                                usage.inputTokens() + outcome.usage().inputTokens(),
                                usage.outputTokens() + outcome.usage().outputTokens());
                metering =
                        outcome.metering().compareTo(metering) > 0 ? outcome.metering() : metering;
                cost = cost.plus(outcome.cost().atMost(step.hold()));
            }
        }
        return new Ending(status, error, usage, metering, cost);
    }

    private static AgentState of(Step step, Map<Step, AgentState> steps) {
        return steps.getOrDefault(step, AgentState.UNKNOWN);
    }

    private static boolean isCommanded(Step step, Map<Step, AgentState> steps) {
        return of(step, steps).order() != null;
    }

    private static boolean isOver(Step step, Map<Step, AgentState> steps) {
        return of(step, steps).isTerminal();
    }

    private static boolean isCompleted(Step step, Map<Step, AgentState> steps) {
        return of(step, steps).status() == AgentStatus.COMPLETED;
    }

    private static boolean anyStarted(TeamPlan plan, Map<Step, AgentState> steps) {
        return plan.steps().stream().anyMatch(step -> of(step, steps).started() != null);
    }

    /// When the team's first step began.
    public static Optional<Instant> started(TeamPlan plan, Map<Step, AgentState> steps) {
        return plan.steps().stream()
                .map(step -> of(step, steps).started())
                .filter(Objects::nonNull)
                .min(Instant::compareTo);
    }
}
