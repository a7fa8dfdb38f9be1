package ai.j1msky.e2e.cluster;

import ai.j1msky.e2e.Client;
import ai.j1msky.e2e.cluster.Faults.Fault;
import ai.j1msky.e2e.cluster.Faults.MissedWindow;
import ai.j1msky.infra.testkit.model.CallLogFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.node.ObjectNode;

/// Injects one fault after the other into the cluster that `infra/cluster` has started, and says what came of it.
/// Exits with 1 when a promise was broken, a restart took too long, or a fault met nobody.
public final class ClusterMain {

    private static final int ACCOUNTS = 2;
    private static final int KEYS = 2;
    private static final Duration LOAD_AFTER = Duration.ofSeconds(3);

    private final List<URI> gateways;
    private final CallLogFile calls;
    private final KafkaRoles kafka;
    private final Machines machines;
    private final Faults faults;
    private final AnyGateway admin;
    private final long seed;

    private static final int WARMING = 100;

    private final boolean isShort;
    private final List<String> only;
    private final List<Round> rounds = new ArrayList<>();

    private ClusterMain(Map<String, String> options) throws IOException {
        Path data = Path.of(required(options, "data"));
        String addresses = required(options, "gateways");
        this.gateways = uris(addresses);
        this.calls = new CallLogFile(data.resolve("model-calls.log"));
        this.kafka = new KafkaRoles(required(options, "kafka"));
        this.machines = new Machines(Path.of(required(options, "script")), data);
        this.faults = new Faults(machines, kafka, uris(addresses.replace(":8080", ":8081")));
        this.admin =
                new AnyGateway(gateways, Files.readString(data.resolve("run/admin.key")).strip());
        this.seed = Long.parseLong(options.getOrDefault("seed", "1"));
        this.isShort = options.containsKey("short");
        this.only = List.of(options.getOrDefault("faults", "").split(",", -1));
    }

    private static String required(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException("--" + name + " is missing");
        }
        return value;
    }

    private static List<URI> uris(String addresses) {
        return Arrays.stream(addresses.split(",", -1))
                .map(address -> URI.create("http://" + address))
                .toList();
    }

    public static void main(String[] arguments) throws IOException {
        Map<String, String> options = new HashMap<>();
        for (int at = 0; at < arguments.length; at++) {
            String name = arguments[at].substring(2);
            options.put(name, name.equals("short") ? "" : arguments[++at]);
        }
        boolean held = new ClusterMain(options).run();
        System.exit(held ? 0 : 1);
    }

    private boolean run() {
        long begun = System.nanoTime();
        List<Outcome> outcomes = new ArrayList<>();
        kafka.awaitWhole();
        warmUp();
        for (Fault fault : faults.all()) {
            if (isWanted(fault)) {
                Outcome outcome = play(fault);
                if (isShort && outcome.isOnlySlow()) {
                    System.out.println("    longer than promised; once more");
                    outcome = play(fault);
                }
                outcomes.add(outcome);
            }
        }
        List<String> changed =
                rounds.stream().flatMap(round -> round.lookAgain().stream()).toList();
        System.out.println();
        System.out.println(Outcome.head());
        outcomes.forEach(outcome -> System.out.println(outcome.row()));
        changed.stream().limit(10).forEach(why -> System.out.println("afterwards: " + why));
        // The short form is for machines that are busy with other things: it says what was late.
        boolean inTime = isShort || outcomes.stream().allMatch(Outcome::isInTime);
        boolean held = outcomes.stream().allMatch(Outcome::isHeld) && changed.isEmpty() && inTime;
        System.out.printf(
                "%s after %d s (seed %d)%n",
                held ? "All promises held" : "NOT all promises held",
                Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
                seed);
        rounds.forEach(Round::close);
        kafka.close();
        return held;
    }

    /// The first agents of new processes take seconds, which would be counted as those of the first fault.
    private void warmUp() {
        try (Round round = new Round(accounts("warm"), calls, seed)) {
            Duration _ = round.goOn(WARMING, Instant.now());
        }
    }

    private boolean isWanted(Fault fault) {
        return only.equals(List.of(""))
                ? !isShort || fault.isShort()
                : only.contains(fault.letter());
    }

    private Outcome play(Fault fault) {
        Outcome outcome = judged(fault);
        System.out.println(outcome.line());
        outcome.complaints().forEach(System.out::println);
        return outcome;
    }

    private Outcome judged(Fault fault) {
        int number = rounds.size();
        try {
            kafka.awaitWhole();
            Round round = new Round(accounts(fault.letter() + number), calls, seed + number * 100L);
            rounds.add(round);
            round.start();
            Hit hit = fault.injection().into(round);
            Instant healed = Instant.now();
            LockSupport.parkNanos(LOAD_AFTER.toNanos());
            return new Outcome(fault.letter(), hit, round.judge(hit, healed), "");
        } catch (MissedWindow missed) {
            return failed(fault, "missed its window: " + missed.getMessage());
        } catch (RuntimeException | AssertionError failure) {
            failure.printStackTrace();
            return failed(fault, "failed: " + failure);
        }
    }

    private Outcome failed(Fault fault, String why) {
        machines.mend();
        return new Outcome(fault.letter(), null, null, why);
    }

    /// New accounts with all scopes on the models.
    private List<List<AnyGateway>> accounts(String round) {
        List<List<AnyGateway>> accounts = new ArrayList<>();
        for (int account = 1; account <= ACCOUNTS; account++) {
            List<AnyGateway> keys = new ArrayList<>();
            for (int key = 1; key <= KEYS; key++) {
                keys.add(
                        new AnyGateway(
                                gateways, key("round-%s-%d".formatted(round, account), key)));
            }
            accounts.add(keys);
        }
        return accounts;
    }

    private String key(String account, int number) {
        ObjectNode wish =
                Client.JSON
                        .createObjectNode()
                        .put("name", account + "-" + number)
                        .put("env", "live")
                        .put("account", account);
        for (String scope : List.of("agents:read", "agents:write", "billing:read", "admin")) {
            wish.withArray("scopes").add(scope);
        }
        return admin.insist("a new key", client -> client.send(client.post("/keys", wish)))
                .succeeded()
                .body()
                .get("key")
                .asString();
    }
}
