package ai.j1msky.bench.stack;

import ai.j1msky.bench.process.ChildJvm;
import ai.j1msky.bench.process.Cleanup;
import ai.j1msky.bench.rival.RivalGateway;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// Spring Cloud Gateway as a process of its own, on the same Redis as the product and in front of the floor server.
public final class RivalProcess {

    private final ChildJvm jvm;

    private RivalProcess(ChildJvm jvm) {
        this.jvm = jvm;
    }

    /// @param jvmFlags those of the gateway, so that neither has the better JVM
    /// @param cleanup ends the process
    public static RivalProcess start(
            Backends backends, FloorProcess floor, List<String> jvmFlags, Cleanup cleanup) {
        List<String> arguments =
                List.of(
                        Integer.toString(backends.redisPort()),
                        Integer.toString(floor.address().getPort()));
        return new RivalProcess(
                ChildJvm.start(
                        cleanup, jvmFlags, RivalGateway.class, arguments, RivalGateway.READY));
    }

    public InetSocketAddress address() {
        String port = jvm.readyLine().substring(RivalGateway.READY.length());
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    public long pid() {
        return jvm.pid();
    }
}
