package ai.j1msky.gateway.projection;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.ledger.Balance;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.TestAgent;
import ai.j1msky.gateway.TestRedis;
import ai.j1msky.gateway.limit.Limiter;
import ai.j1msky.gateway.limit.RequestTokens;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.view.AgentViews;
import ai.j1msky.gateway.view.AgentViews.SpawnLimits;
import ai.j1msky.gateway.view.Freshness;
import ai.j1msky.gateway.view.ProjectedStore;
import io.lettuce.core.Range;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A hold goes from a reservation to a command on the log, to billing's balance, to a charge. Random logs, with billing and
/// the projection behind by any number of records, reservations that lapse or are undone, and flushes: at every moment
/// what admission counts is at least what is true, and never is more admitted than the budgets allow.
class BudgetHandOverTest {

    private static final int RUNS = 150;
    private static final int STEPS = 60;
    private static final long DAILY = 1_000;
    private static final long DAILY_OF_KEY = 600;
    private static final List<KeyId> KEYS = List.of(new KeyId("key_one"), new KeyId("key_two"));

    private static TestRedis redis;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Test
    void noMomentMissesAHold() {
        int refused = 0;
        int flushed = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            Run run = new Run(seed);
            for (int step = 0; step < STEPS; step++) {
                run.step();
                run.requireNothingMissed("seed " + seed + ", step " + step);
            }
            run.drain();
            run.requireExact("seed " + seed);
            refused += run.refused;
            flushed += run.flushed;
        }
        assertThat(refused).as("budgets were reached").isGreaterThan(RUNS);
        assertThat(flushed).as("Redis was flushed").isGreaterThan(RUNS / 2);
    }

    private enum Stage {
        RESERVED,
        ON_LOG,
        ENDED,
        GONE
    }

    private static final class Agent {
        final TestAgent agent;
        final long hold;
        Stage stage = Stage.RESERVED;
        long cost;
        boolean read;

        Agent(TestAgent agent, long hold) {
            this.agent = agent;
            this.hold = hold;
        }

        String key() {
            return agent.order().keyId().value();
        }

        long counts() {
            return switch (stage) {
                case RESERVED, ON_LOG -> hold;
                case ENDED -> cost;
                case GONE -> 0;
            };
        }
    }

    private static final class Run {
        final Random random;
        final List<Agent> agents = new ArrayList<>();
        final List<Agent> log = new ArrayList<>();
        final List<Balance> usage = new ArrayList<>();
        final Map<String, long[]> books = new HashMap<>();
        final Freshness freshness = new Freshness();
        final AgentViews views =
                new AgentViews(
                        new ProjectedStore(
                                redis.store(),
                                freshness,
                                new Limiter(AgencyConfig.standard(Map.of()), redis.store())));
        ProjectedViews projected;
        int projectedCommands;
        int projectedUsage;
        int billed;
        int refused;
        int flushed;

        Run(int seed) {
            this.random = new Random(seed);
            freshness.open();
            clear();
        }

        private void clear() {
            redis.commands().flushall();
            projected = new ProjectedViews(redis, 0);
            projected.mark(5);
        }

        void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> reserve();
                case 4, 5 -> pick(Stage.RESERVED, this::append);
                case 6 -> pick(Stage.RESERVED, this::lapse);
                case 7 -> project(random.nextInt(4));
                case 8, 9 -> bill();
                case 10 -> projectUsage(random.nextInt(4));
                default -> {
                    if (random.nextInt(4) == 0) {
                        flush();
                    }
                }
            }
        }

        private void pick(Stage stage, Consumer<Agent> what) {
            List<Agent> some = agents.stream().filter(agent -> agent.stage == stage).toList();
            if (!some.isEmpty()) {
                what.accept(some.get(random.nextInt(some.size())));
            }
        }

        private void reserve() {
            long hold = 1 + random.nextInt(300);
            KeyId key = KEYS.get(random.nextInt(2));
            Agent agent = new Agent(created(key, hold), hold);
            boolean fits =
                    counted(Balance.WHOLE) + hold <= DAILY
                            && counted(key.value()) + hold <= DAILY_OF_KEY;
            boolean granted;
            try {
                views.reserve(
                                agent.agent.command(),
                                agent.agent.wrapped(),
                                new SpawnLimits(
                                        1_000,
                                        Money.micros(1_000_000),
                                        terms(DAILY),
                                        terms(DAILY_OF_KEY)),
                                RequestTokens.NONE)
                        .block();
                granted = true;
            } catch (ProblemException full) {
                assertThat(full.problem().isOfBudget()).isTrue();
                granted = false;
                refused++;
            }
            assertThat(granted).isEqualTo(fits);
            if (granted) {
                agents.add(agent);
            }
        }

        private void append(Agent agent) {
            agent.stage = Stage.ON_LOG;
            log.add(agent);
        }

        /// Its 30 seconds are over, or it is taken back.
        private void lapse(Agent agent) {
            AgentOrder order = agent.agent.order();
            if (random.nextBoolean()) {
                views.undo(order, RequestTokens.NONE).block();
            } else {
                String member = order.keyId() + ":" + agent.hold + ":" + order.agentId();
                redis.commands()
                        .zadd(RedisKeys.pending(TestAgent.ACCOUNT), redis.now() - 1_000.0, member);
            }
            agent.stage = Stage.GONE;
        }

        private void project(int most) {
            int to = Math.min(log.size(), projectedCommands + most);
            for (; projectedCommands < to; projectedCommands++) {
                TestAgent agent = log.get(projectedCommands).agent;
                projected.write(agent, agent.command());
            }
        }

        /// Reads some commands and some ends, and writes the balances that they change.
        private void bill() {
            int to = Math.min(log.size(), billed + random.nextInt(4));
            boolean[] changed = new boolean[2];
            for (; billed < to; billed++) {
                Agent agent = log.get(billed);
                agent.read = true;
                move(agent, agent.hold, 0, changed);
            }
            for (Agent agent : log) {
                if (agent.read && agent.stage == Stage.ON_LOG && random.nextInt(4) == 0) {
                    agent.stage = Stage.ENDED;
                    agent.cost = random.nextLong(agent.hold + 1);
                    move(agent, -agent.hold, agent.cost, changed);
                }
            }
            for (int key = 0; key < 2; key++) {
                if (changed[key]) {
                    usage.add(balance(KEYS.get(key).value()));
                }
            }
            if (changed[0] || changed[1]) {
                usage.add(balance(Balance.WHOLE));
            }
        }

        private void move(Agent agent, long held, long spent, boolean[] changed) {
            for (String holder : List.of(Balance.WHOLE, agent.key())) {
                long[] sums = books.computeIfAbsent(holder, none -> new long[2]);
                sums[0] += held;
                sums[1] += spent;
            }
            changed[agent.key().equals(KEYS.getFirst().value()) ? 0 : 1] = true;
        }

        private Balance balance(String holder) {
            long[] sums = books.getOrDefault(holder, new long[2]);
            return new Balance(
                    TestAgent.ACCOUNT,
                    holder,
                    Money.micros(sums[0]),
                    LocalDate.now(ZoneOffset.UTC),
                    Money.micros(sums[1]),
                    Money.micros(sums[1]),
                    0,
                    0,
                    Map.of(Topics.SPAWN_NORMAL.name(), (long) billed),
                    TestAgent.now());
        }

        private void projectUsage(int most) {
            int to = Math.min(usage.size(), projectedUsage + most);
            for (; projectedUsage < to; projectedUsage++) {
                projected.write(TestAgent.create(), usage.get(projectedUsage));
            }
        }

        /// A flush loses reservations that are not on the log; their requests are taken to have failed. Nobody is answered
        /// before all of the log was read again, balances first.
        private void flush() {
            flushed++;
            agents.stream()
                    .filter(agent -> agent.stage == Stage.RESERVED)
                    .forEach(agent -> agent.stage = Stage.GONE);
            clear();
            projectedUsage = 0;
            projectedCommands = 0;
            projectUsage(usage.size());
            project(log.size());
        }

        void drain() {
            pickAll();
            project(log.size());
            while (billed < log.size()) {
                bill();
            }
            projectUsage(usage.size());
        }

        /// No reservation is left whose command is still to come.
        private void pickAll() {
            for (Agent agent : agents) {
                if (agent.stage == Stage.RESERVED) {
                    append(agent);
                }
            }
        }

        void requireNothingMissed(String where) {
            for (String holder : holders()) {
                assertThat(counted(holder))
                        .as(where + " " + holder)
                        .isGreaterThanOrEqualTo(truth(holder));
            }
            assertThat(truth(Balance.WHOLE)).as(where).isLessThanOrEqualTo(DAILY);
        }

        void requireExact(String where) {
            for (String holder : holders()) {
                assertThat(counted(holder)).as(where + " " + holder).isEqualTo(truth(holder));
            }
            assertThat(
                            redis.commands()
                                    .zcount(
                                            RedisKeys.pending(TestAgent.ACCOUNT),
                                            Range.create(redis.now(), Long.MAX_VALUE)))
                    .as(where)
                    .isZero();
        }

        private static List<String> holders() {
            return List.of(Balance.WHOLE, KEYS.get(0).value(), KEYS.get(1).value());
        }

        private long truth(String holder) {
            return agents.stream()
                    .filter(agent -> holder.equals(Balance.WHOLE) || holder.equals(agent.key()))
                    .mapToLong(Agent::counts)
                    .sum();
        }

        /// What admission counts, once lapsed reservations have left.
        private long counted(String holder) {
            Map<String, String> all =
                    redis.commands().hgetall(RedisKeys.balances(TestAgent.ACCOUNT));
            long[] figures =
                    Arrays.stream(all.getOrDefault(holder, "0 0 0 0 0").split(" "))
                            .mapToLong(Long::parseLong)
                            .toArray();
            long lapsed =
                    redis
                            .commands()
                            .zrangebyscore(
                                    RedisKeys.pending(TestAgent.ACCOUNT),
                                    Range.create(0, redis.now()))
                            .stream()
                            .map(member -> member.split(":"))
                            .filter(m -> holder.equals(Balance.WHOLE) || holder.equals(m[0]))
                            .mapToLong(m -> Long.parseLong(m[1]))
                            .sum();
            return figures[0]
                    + figures[3]
                    + Long.parseLong(all.getOrDefault("p:" + holder, "0"))
                    - lapsed;
        }
    }

    private static BudgetTerms terms(long daily) {
        return new BudgetTerms(Money.micros(daily), Money.micros(1_000_000), List.of());
    }

    private static TestAgent created(KeyId key, long hold) {
        TestAgent agent =
                TestAgent.of(TestAgent.ACCOUNT, key, "k2p5", "task", 60, TestAgent.now(), null);
        AgentOrder order = agent.order();
        return new TestAgent(
                new AgentOrder(
                        order.agentId(),
                        order.accountId(),
                        order.keyId(),
                        true,
                        order.model(),
                        order.priority(),
                        order.timeoutSeconds(),
                        Money.micros(hold),
                        order.price(),
                        order.created(),
                        null),
                agent.key(),
                agent.wrapped(),
                agent.sealedTask());
    }
}
