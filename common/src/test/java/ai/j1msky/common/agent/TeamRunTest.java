package ai.j1msky.common.agent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.TeamPlan.Kind;
import ai.j1msky.common.agent.TeamPlan.Step;
import ai.j1msky.common.agent.TeamRun.Move;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.seal.SealedText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Teams on random logs: steps that complete, fail, are lost or cancelled, an owner who cancels at any moment, and a
/// coordinator that is killed, sees only a part of the log, or does everything twice.
class TeamRunTest {

    private static final int TEAMS = 20_000;
    private static final int MOST_ROUNDS = 200;
    private static final SealedText SEALED = new SealedText("1.AAAA");
    private static final AgentId TEAM = new AgentId("subagent_1234567890_000000000000");

    private static TeamPlan plan(int members) {
        List<Step> steps = new ArrayList<>();
        steps.add(step(1, Kind.PLAN, "plan"));
        for (int i = 0; i < members; i++) {
            steps.add(step(2 + i, Kind.MEMBER, "role_" + i));
        }
        steps.add(step(2 + members, Kind.MERGE, "merge"));
        return new TeamPlan("team_coding", List.of("a/b"), steps);
    }

    private static Step step(int number, Kind kind, String role) {
        return new Step(
                new AgentId("subagent_1234567890_00000000%04d".formatted(number)),
                kind,
                role,
                "k2p5",
                Money.micros(100),
                new Price(1, 1));
    }

    /// A team, its log as it is, and a coordinator that may be behind.
    private static final class World {
        private final Random random;
        private final TeamPlan plan;
        private final AgentOrder order;
        private final Map<AgentId, AgentState> states = new HashMap<>();
        private final Map<Step, Integer> commands = new HashMap<>();
        private final List<Step> mergedBefore = new ArrayList<>();
        private boolean cancelled;

        World(long seed) {
            random = new Random(seed);
            plan = TeamRunTest.plan(1 + random.nextInt(4));
            order =
                    new AgentOrder(
                            TEAM,
                            AccountId.MAIN,
                            new KeyId("key_a"),
                            true,
                            "k2p5",
                            Priority.NORMAL,
                            300,
                            Money.micros(100L * plan.steps().size()),
                            null,
                            Entries.NOON,
                            null,
                            plan,
                            null,
                            null);
            put(TEAM, AgentLife.apply(AgentState.UNKNOWN, new SpawnCommand(order, 1, SEALED)));
        }

        AgentState of(AgentId agent) {
            return states.getOrDefault(agent, AgentState.UNKNOWN);
        }

        void put(AgentId agent, AgentState state) {
            states.put(agent, state);
        }

        void apply(AgentEvent event) {
            put(event.agentId(), AgentLife.apply(of(event.agentId()), event));
        }

        Map<Step, AgentState> seen(boolean all) {
            Map<Step, AgentState> seen = new HashMap<>();
            for (Step step : plan.steps()) {
                if (states.containsKey(step.agentId()) && (all || random.nextInt(4) > 0)) {
                    seen.put(step, of(step.agentId()));
                }
            }
            return seen;
        }

        void coordinate() {
            AgentState team = of(TEAM);
            // What memory does not know is read before anything is written.
            Map<Step, AgentState> steps = seen(true);
            List<Move> moves = TeamRun.next(team, steps);
            for (Move move : moves) {
                for (int times = random.nextInt(3); times >= 0; times--) {
                    make(move);
                }
                if (random.nextInt(5) == 0) {
                    return; // killed
                }
            }
        }

        private void make(Move move) {
            switch (move) {
                case Move.Begin() ->
                        apply(
                                new AgentEvent.TeamStarted(
                                        TEAM,
                                        AccountId.MAIN,
                                        TeamRun.started(plan, seen(true)).orElseThrow()));
                case Move.Command(Step step) -> {
                    if (of(step.agentId()).commanded() == 0) {
                        commands.merge(step, 1, Integer::sum);
                        if (step.kind() == Kind.MERGE) {
                            mergedBefore.addAll(
                                    plan.members().stream()
                                            .filter(m -> !of(m.agentId()).isTerminal())
                                            .toList());
                        }
                    }
                    put(
                            step.agentId(),
                            AgentLife.apply(
                                    of(step.agentId()),
                                    new SpawnCommand(order.of(step), 1, SEALED)));
                }
                case Move.Stop(Step step) ->
                        apply(
                                new AgentEvent.CancelRequested(
                                        step.agentId(), AccountId.MAIN, Entries.NOON));
                case Move.End(TeamRun.Ending ending) -> end(ending);
            }
        }

        private void end(TeamRun.Ending ending) {
            assertThat(plan.steps()).allMatch(step -> of(step.agentId()).isTerminal());
            switch (ending.status()) {
                case COMPLETED ->
                        apply(
                                new AgentEvent.TeamCompleted(
                                        TEAM,
                                        AccountId.MAIN,
                                        ending.usage(),
                                        ending.metering(),
                                        ending.cost(),
                                        SEALED,
                                        null,
                                        Entries.NOON));
                case CANCELLED ->
                        apply(
                                new AgentEvent.AgentCancelled(
                                        TEAM,
                                        AccountId.MAIN,
                                        0,
                                        null,
                                        ending.usage(),
                                        ending.metering(),
                                        ending.cost(),
                                        Entries.NOON));
                default ->
                        apply(
                                new AgentEvent.AgentFailed(
                                        TEAM,
                                        AccountId.MAIN,
                                        0,
                                        null,
                                        requireNonNull(ending.error()),
                                        ending.usage(),
                                        ending.metering(),
                                        ending.cost(),
                                        Entries.NOON));
            }
        }

        void work() {
            for (Step step : plan.steps()) {
                AgentState state = of(step.agentId());
                if (state.isTerminal() || state.commanded() == 0 || random.nextInt(3) == 0) {
                    continue;
                }
                Attempt running = state.running().orElse(null);
                if (running == null) {
                    apply(
                            new AgentEvent.AttemptStarted(
                                    step.agentId(),
                                    AccountId.MAIN,
                                    state.attempts().size() + 1,
                                    Entries.ONE,
                                    "k2p5",
                                    "kimi",
                                    null,
                                    Entries.NOON));
                } else {
                    finish(step, running, state.cancelRequested());
                }
            }
        }

        private void finish(Step step, Attempt running, boolean stopped) {
            Money cost = Money.micros(random.nextInt(100));
            Usage usage = new Usage(1, 1);
            switch (stopped ? 3 : random.nextInt(6)) {
                case 0 ->
                        apply(
                                new AgentEvent.AgentFailed(
                                        step.agentId(),
                                        AccountId.MAIN,
                                        running.number(),
                                        Entries.ONE,
                                        FailureReason.TIMEOUT,
                                        usage,
                                        Metering.REPORTED,
                                        Money.ZERO,
                                        Entries.NOON));
                case 1 ->
                        apply(
                                new AgentEvent.AttemptLost(
                                        step.agentId(),
                                        AccountId.MAIN,
                                        running.number(),
                                        Entries.ONE,
                                        Entries.NOON));
                case 3 ->
                        apply(
                                new AgentEvent.AgentCancelled(
                                        step.agentId(),
                                        AccountId.MAIN,
                                        running.number(),
                                        Entries.ONE,
                                        usage,
                                        Metering.ESTIMATED,
                                        cost,
                                        Entries.NOON));
                default ->
                        apply(
                                new AgentEvent.AgentCompleted(
                                        step.agentId(),
                                        AccountId.MAIN,
                                        running.number(),
                                        Entries.ONE,
                                        usage,
                                        Metering.REPORTED,
                                        cost,
                                        false,
                                        SEALED,
                                        null,
                                        Entries.NOON));
            }
        }

        void maybeCancel() {
            if (!cancelled && random.nextInt(40) == 0) {
                cancelled = true;
                apply(new AgentEvent.CancelRequested(TEAM, AccountId.MAIN, true, Entries.NOON));
            }
        }
    }

    @Test
    void everyTeamEndsOnceWithWhatItsAgentsCost() {
        Map<AgentStatus, Integer> ends = new HashMap<>();
        for (long seed = 0; seed < TEAMS; seed++) {
            // Given
            World world = new World(seed);
            int rounds = 0;

            // When
            while (!world.of(TEAM).isTerminal() && rounds++ < MOST_ROUNDS) {
                world.maybeCancel();
                world.coordinate();
                world.work();
            }

            // Then
            AgentState team = world.of(TEAM);
            Outcome outcome = team.outcome();
            assertThat(outcome).as("seed " + seed).isNotNull();
            Money cost =
                    world.plan.steps().stream()
                            .map(step -> world.of(step.agentId()))
                            .map(AgentState::outcome)
                            .map(end -> requireNonNull(end).cost())
                            .reduce(Money.ZERO, Money::plus);
            assertThat(outcome.cost()).as("seed " + seed).isEqualTo(cost);
            assertThat(world.commands.values()).as("seed " + seed).allMatch(times -> times == 1);
            assertThat(world.mergedBefore).as("seed " + seed).isEmpty();
            if (outcome.status() == AgentStatus.COMPLETED) {
                assertThat(world.of(world.plan.merge().agentId()).status())
                        .isEqualTo(AgentStatus.COMPLETED);
            }
            assertThat(TeamRun.next(team, world.seen(true))).isEmpty();
            ends.merge(outcome.status(), 1, Integer::sum);
        }
        assertThat(ends)
                .containsOnlyKeys(AgentStatus.COMPLETED, AgentStatus.FAILED, AgentStatus.CANCELLED);
        assertThat(ends.values()).allMatch(count -> count > TEAMS / 50);
    }

    @Test
    void withoutAPlanMembersWorkAllTheSameAndWithoutMembersNobodyMerges() {
        // Given
        World world = new World(1);
        world.coordinate();
        Step lead = world.plan.plan();
        world.put(
                lead.agentId(),
                AgentLife.apply(
                        AgentState.UNKNOWN, new SpawnCommand(world.order.of(lead), 1, SEALED)));
        world.apply(expired(lead));

        // When
        List<Move> afterPlan = TeamRun.next(world.of(TEAM), world.seen(true));
        world.plan.members().forEach(member -> world.apply(expired(member)));
        List<Move> afterMembers = TeamRun.next(world.of(TEAM), world.seen(true));
        world.apply(
                new AgentEvent.CancelRequested(
                        world.plan.merge().agentId(), AccountId.MAIN, Entries.NOON));
        List<Move> atLast = TeamRun.next(world.of(TEAM), world.seen(true));

        // Then
        assertThat(afterPlan)
                .isEqualTo(world.plan.members().stream().map(Move.Command::new).toList());
        assertThat(afterMembers).containsExactly(new Move.Stop(world.plan.merge()));
        assertThat(atLast)
                .singleElement()
                .isInstanceOfSatisfying(
                        Move.End.class,
                        end ->
                                assertThat(end.ending().error())
                                        .isEqualTo(FailureReason.TEAM_MEMBERS_FAILED));
    }

    private static AgentEvent expired(Step step) {
        return new AgentEvent.AgentFailed(
                step.agentId(),
                AccountId.MAIN,
                0,
                null,
                FailureReason.QUEUE_EXPIRED,
                Usage.NONE,
                Metering.REPORTED,
                Money.ZERO,
                Entries.NOON);
    }
}
