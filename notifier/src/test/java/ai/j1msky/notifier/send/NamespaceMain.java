package ai.j1msky.notifier.send;

import ai.j1msky.common.webhook.TargetRules;
import ai.j1msky.common.webhook.WebhookSecret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// Sends webhooks in a network of its own, where all of these addresses are this machine's, and prints how often each was
/// connected to. The arguments are the addresses, the first of them the one that may be called.
public final class NamespaceMain {

    private static final int PORT = 8443;
    private static final String[] WRITTEN = {
        "169.254.169.254",
        "[::ffff:169.254.169.254]",
        "127.0.0.1",
        "[::1]",
        "10.7.7.7",
        "[fd00:ec2::254]",
        "0.0.0.0"
    };

    private NamespaceMain() {}

    public static void main(String[] addresses) throws IOException {
        Map<String, AtomicInteger> connections = new LinkedHashMap<>();
        for (String address : addresses) {
            connections.put(address, listen(address));
        }
        Deque<String[]> answers = new ArrayDeque<>();
        // The name is somewhere else each time it is looked up; and once it is inside and outside.
        for (String address : addresses) {
            answers.add(new String[] {address});
        }
        answers.add(new String[] {addresses[0], addresses[1]});
        answers.add(new String[] {addresses[1], addresses[0]});
        int names = answers.size();
        Sender sender =
                new Sender(
                        new TargetRules(List.of(), Set.of()),
                        host ->
                                host.equals("rebinding.example")
                                        ? lookedUp(answers.remove())
                                        : InetAddress.getAllByName(host),
                        Duration.ofSeconds(3),
                        Clock.systemUTC());
        for (int i = 0; i < names; i++) {
            send(sender, "rebinding.example");
        }
        Arrays.stream(WRITTEN).forEach(written -> send(sender, written));
        connections.forEach((address, count) -> System.out.println(address + "=" + count));
        System.exit(0);
    }

    private static void send(Sender sender, String host) {
        Answer _ =
                sender.send(
                        new Envelope(
                                "msg_1",
                                URI.create("https://" + host + ":" + PORT + "/latest/meta-data"),
                                List.of(new WebhookSecret("a-secret-of-a-test")),
                                1,
                                "{}".getBytes(StandardCharsets.UTF_8)));
    }

    private static InetAddress[] lookedUp(String[] addresses) throws java.net.UnknownHostException {
        InetAddress[] found = new InetAddress[addresses.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = InetAddress.getByName(addresses[i]);
        }
        return found;
    }

    private static AtomicInteger listen(String address) throws IOException {
        AtomicInteger connections = new AtomicInteger();
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName(address), PORT));
        Thread _ =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    while (true) {
                                        try (Socket _ = server.accept()) {
                                            connections.incrementAndGet();
                                        } catch (IOException closed) {
                                            return;
                                        }
                                    }
                                });
        return connections;
    }
}
