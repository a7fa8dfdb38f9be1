package ai.j1msky.bench.hostile;

import static java.util.Objects.requireNonNull;

import ai.j1msky.bench.process.ChildJvm;
import ai.j1msky.bench.process.Cleanup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// Every [Nuisance] at once, each by its number of clients from a loopback address of its own, until the process is told
/// to end. A process of its own: what it takes for itself must not slow down those who measure.
public final class HostileCrowd {

    private static final String READY = "hostile crowd is here";

    private final InetSocketAddress server;
    private final String key;
    private final Map<Nuisance, AtomicLong> connections = new EnumMap<>(Nuisance.class);

    private HostileCrowd(InetSocketAddress server, String key) {
        this.server = server;
        this.key = key;
    }

    /// Starts it.
    ///
    /// @param keyFile holds a good key, for those that need one to be listened to
    /// @param cleanup ends it at the latest
    public static ChildJvm start(InetSocketAddress server, Path keyFile, Cleanup cleanup) {
        return ChildJvm.start(
                cleanup,
                List.of("-Xmx256m", "-XX:+UseSerialGC"),
                HostileCrowd.class,
                List.of(Integer.toString(server.getPort()), keyFile.toString()),
                READY);
    }

    /// @param arguments the server's port on loopback, and the file of the key
    public static void main(String[] arguments) throws IOException {
        InetSocketAddress server =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        HostileCrowd crowd =
                new HostileCrowd(server, Files.readString(Path.of(arguments[1])).strip());
        Runtime.getRuntime().addShutdownHook(new Thread(crowd::tell));
        System.out.println(READY);
        crowd.bother();
    }

    /// The largest number of connections that it holds at once.
    public static int size() {
        return Arrays.stream(Nuisance.values()).mapToInt(Nuisance::clients).sum();
    }

    private void bother() {
        for (Nuisance nuisance : Nuisance.values()) {
            connections.put(nuisance, new AtomicLong());
        }
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            int host = 0;
            for (Nuisance nuisance : Nuisance.values()) {
                InetSocketAddress own = new InetSocketAddress("127.0.2." + ++host, 0);
                for (int i = 0; i < nuisance.clients(); i++) {
                    clients.execute(() -> botherForEver(nuisance, own));
                }
            }
        }
    }

    private void botherForEver(Nuisance nuisance, InetSocketAddress own) {
        while (true) {
            try (SocketChannel connection = SocketChannel.open()) {
                // Little room for answers: who reads none is soon in the way.
                connection.setOption(StandardSocketOptions.SO_RCVBUF, 4096).bind(own);
                connection.connect(server);
                requireNonNull(connections.get(nuisance)).incrementAndGet();
                nuisance.bother(connection, key);
            } catch (IOException ended) {
                // By the server, as it should.
            }
            LockSupport.parkNanos(nuisance.rest().toNanos());
        }
    }

    /// How many connections each kind has made, for people: a kind that made none was not there.
    private void tell() {
        System.err.println(
                connections.entrySet().stream()
                        .map(kind -> name(kind.getKey()) + " " + kind.getValue())
                        .collect(Collectors.joining(", ", "bench: connections made: ", "")));
    }

    private static String name(Nuisance nuisance) {
        return nuisance.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
