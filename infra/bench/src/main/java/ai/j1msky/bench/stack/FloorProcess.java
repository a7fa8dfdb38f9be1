package ai.j1msky.bench.stack;

import ai.j1msky.bench.floor.FloorServer;
import ai.j1msky.bench.process.ChildJvm;
import ai.j1msky.bench.process.Cleanup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// The floor server as a process of its own, on the same Kafka and Redis as the product.
public final class FloorProcess {

    private final ChildJvm jvm;

    private FloorProcess(ChildJvm jvm) {
        this.jvm = jvm;
    }

    /// @param jvmFlags those of the gateway, so that neither has the better JVM
    /// @param cleanup ends the process
    public static FloorProcess start(Backends backends, List<String> jvmFlags, Cleanup cleanup) {
        List<String> arguments =
                List.of(backends.kafkaBootstrap(), Integer.toString(backends.redisPort()));
        return new FloorProcess(
                ChildJvm.start(cleanup, jvmFlags, FloorServer.class, arguments, FloorServer.READY));
    }

    public InetSocketAddress address() {
        String port = jvm.readyLine().substring(FloorServer.READY.length());
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    public long pid() {
        return jvm.pid();
    }
}
