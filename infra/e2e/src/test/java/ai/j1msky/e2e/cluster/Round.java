package ai.j1msky.e2e.cluster;

import ai.j1msky.e2e.MoneyCheck;
import ai.j1msky.e2e.Scripted;
import ai.j1msky.e2e.Spent;
import ai.j1msky.infra.testkit.model.CallLogFile;
import ai.j1msky.infra.testkit.model.RecordedCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/// The load around one fault, and what it shows of the product's promises: two new accounts of two keys each, so that
/// every charge on them is of this round.
final class Round implements AutoCloseable {

    private static final Duration CONVERGED = Duration.ofSeconds(60);
    private static final Duration GIVEN_UP_AFTER = Duration.ofSeconds(90);
    private static final Duration CALLS_END_WITHIN = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration UNDER_WAY = Duration.ofSeconds(30);

    private final CallLogFile calls;
    private final Sightings sightings = new Sightings();
    private final List<AccountLoad> accounts;
    private final List<MoneyCheck> money;

    /// @param accounts the keys of each
    Round(List<List<AnyGateway>> accounts, CallLogFile calls, long seed) {
        this.calls = calls;
        this.accounts = new ArrayList<>();
        this.money = new ArrayList<>();
        for (List<AnyGateway> keys : accounts) {
            keys.forEach(AnyGateway::awaitKnown);
            money.add(new MoneyCheck(this::callsOf, keys.getFirst().first()));
            this.accounts.add(new AccountLoad(keys, sightings, seed + this.accounts.size()));
        }
    }

    /// Starts the load and waits until agents run.
    void start() {
        accounts.forEach(AccountLoad::start);
        Awaitility.await("agents to run").atMost(UNDER_WAY).until(() -> openCalls() > 2);
    }

    /// Agents that were spawned now and whose calls have begun; they last that long.
    List<Spent> hold(int count, Duration callLasts) {
        List<Spent> held = spawn(count, callLasts);
        Awaitility.await("their calls to begin")
                .atMost(UNDER_WAY)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> held.stream().noneMatch(agent -> callsOf(agent.task()).isEmpty()));
        return held;
    }

    /// Spawns that many short agents and waits until all have ended: then every part of the product does its work again.
    ///
    /// @return how long after that time that was; when it never was, more than it may take
    Duration goOn(int count, Instant struck) {
        List<Spent> probes = spawn(count, Duration.ofMillis(100));
        while (probes.stream().anyMatch(probe -> sightings.end(probe.id()) == null)
                && sinceThen(struck).compareTo(GIVEN_UP_AFTER) < 0) {
            look(probes.stream().map(Spent::id).toList());
        }
        return sinceThen(struck);
    }

    private List<Spent> spawn(int count, Duration callLasts) {
        return accounts.stream()
                .flatMap(each -> each.hold(count / accounts.size(), callLasts).stream())
                .toList();
    }

    /// Reads those of these agents that have not ended, and waits a little.
    private void look(List<String> ids) {
        Set<String> open = sightings.open();
        for (AccountLoad account : accounts) {
            account.agents().stream()
                    .map(Spent::id)
                    .filter(ids::contains)
                    .filter(open::contains)
                    .forEach(id -> account.read(account.client(), id));
        }
        LockSupport.parkNanos(LOOK.toNanos());
    }

    /// The node on which an agent runs.
    String node(Spent agent) {
        AnyGateway client = owner(agent).client();
        return client.insist(
                        "the start of " + agent.id(),
                        each -> each.agent(agent.id()),
                        answer -> answer.status() == 200 && answer.body().path("node").isString())
                .body()
                .get("node")
                .asString();
    }

    /// Calls that the model server is answering just now.
    long openCalls() {
        return allCalls().filter(Round::isOpen).count();
    }

    static boolean isOpen(RecordedCall call) {
        return call.finishedAt() == null && !call.closedByClient();
    }

    List<RecordedCall> callsOf(Scripted task) {
        return calls.calls().stream().filter(call -> task.marker().equals(call.marker())).toList();
    }

    private Stream<RecordedCall> allCalls() {
        List<String> markers = agents().map(agent -> agent.task().marker()).toList();
        return calls.calls().stream().filter(call -> markers.contains(call.marker()));
    }

    private Stream<Spent> agents() {
        return accounts.stream().flatMap(each -> each.agents().stream());
    }

    private AccountLoad owner(Spent agent) {
        return accounts.stream()
                .filter(each -> each.agents().contains(agent))
                .findFirst()
                .orElseThrow();
    }

    /// Ends the load and judges what came of it.
    ///
    /// @param hit what the fault met
    /// @param healed when everything was as it should be again
    Verdict judge(Hit hit, Instant healed) {
        accounts.forEach(AccountLoad::stop);
        Duration converged = awaitEnds(healed);
        Map<Promise, List<String>> broken = new EnumMap<>(Promise.class);
        broken.put(Promise.I1, new ArrayList<>(sightings.unreadable()));
        sightings.open().stream()
                .filter(id -> !sightings.isRead(id))
                .forEach(id -> broken.get(Promise.I1).add(id + " was never there"));
        broken.put(Promise.I2, sightings.open().stream().map(id -> id + " has not ended").toList());
        broken.put(Promise.I3, sightings.changed());
        broken.put(Promise.I4, sightings.backwards());
        broken.put(Promise.I5, wrongMoney());
        broken.put(Promise.I14, needlessCalls(hit));
        broken.put(
                Promise.I20,
                Stream.of(converged, hit.goneOn() == null ? Duration.ZERO : hit.goneOn())
                        .filter(took -> took.compareTo(CONVERGED) > 0)
                        .map(took -> "not as before after " + took.toSeconds() + " s")
                        .toList());
        Duration slowest =
                accounts.stream()
                        .map(AccountLoad::slowestSpawn)
                        .max(Duration::compareTo)
                        .orElseThrow();
        return new Verdict(
                agents().count(),
                allCalls().count(),
                slowest,
                sightings.longestUnread(),
                converged,
                broken);
    }

    /// @return how long after that time the last agent was seen to have ended
    private Duration awaitEnds(Instant healed) {
        while (!sightings.open().isEmpty() && sinceThen(healed).compareTo(CONVERGED) <= 0) {
            look(List.copyOf(sightings.open()));
        }
        return sinceThen(healed);
    }

    private static Duration sinceThen(Instant instant) {
        return Duration.between(instant, Instant.now());
    }

    private List<String> wrongMoney() {
        List<String> wrong = new ArrayList<>();
        for (int each = 0; each < accounts.size(); each++) {
            AccountLoad account = accounts.get(each);
            try {
                MoneyCheck.Fates _ = money.get(each).compare(account.agents(), account.cancels());
            } catch (AssertionError | RuntimeException complaint) {
                wrong.add(String.valueOf(complaint.getMessage()));
            }
        }
        return wrong;
    }

    /// Calls beyond the first of an agent, but for one after each loss of its worker; and calls after a cancel.
    private List<String> needlessCalls(Hit hit) {
        List<String> needless = new ArrayList<>();
        Map<String, Instant> cancelled = new HashMap<>();
        accounts.forEach(account -> cancelled.putAll(account.cancelled()));
        agents().forEach(
                        agent -> {
                            List<RecordedCall> made = callsOf(agent.task());
                            long lost = lostAttempts(agent, hit);
                            if (made.size() > 1 + lost || made.size() > 2) {
                                needless.add(
                                        "%s: %d calls, but %d lost: %s"
                                                .formatted(
                                                        agent.id(),
                                                        made.size(),
                                                        lost,
                                                        sightings.end(agent.id())));
                            }
                            Instant cancel = cancelled.getOrDefault(agent.id(), Instant.MAX);
                            made.stream()
                                    .filter(
                                            call ->
                                                    call.startedAt()
                                                            .minus(CALLS_END_WITHIN)
                                                            .isAfter(cancel))
                                    .forEach(
                                            call ->
                                                    needless.add(
                                                            agent.id() + ": after its cancel"));
                        });
        return needless;
    }

    /// Attempts that were lost with the node that the fault took.
    private long lostAttempts(Spent agent, Hit hit) {
        JsonNode end = sightings.end(agent.id());
        return end == null
                ? 0
                : end.get("attempts")
                        .valueStream()
                        .filter(attempt -> attempt.path("status").asString("").equals("lost"))
                        .filter(attempt -> attempt.path("node").asString("").equals(hit.lostNode()))
                        .count();
    }

    /// Looks at all its agents once more.
    ///
    /// @return what is not as it was
    List<String> lookAgain() {
        for (AccountLoad account : accounts) {
            account.agents().forEach(agent -> account.read(account.client(), agent.id()));
        }
        List<String> wrong = new ArrayList<>(sightings.changed());
        wrong.addAll(sightings.unreadable());
        wrong.addAll(sightings.backwards());
        return wrong;
    }

    @Override
    public void close() {
        accounts.forEach(AccountLoad::close);
    }
}
