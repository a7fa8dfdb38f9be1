package ai.j1msky.infra.testkit.log;

import ai.j1msky.infra.local.FreePort;
import ai.j1msky.infra.local.LocalKafka;
import ai.j1msky.infra.local.LocalKafkaSettings;
import ai.j1msky.infra.testkit.TcpProxy;
import java.io.IOException;
import java.nio.file.Path;

/// A broker of one test's own, whose clients can be made to go through a proxy.
///
/// @param kafka the broker
/// @param proxy stands between it and clients that use [#bootstrap]
record Proxied(LocalKafka kafka, TcpProxy proxy) implements AutoCloseable {

    static Proxied start(Path directory) throws IOException {
        int port = FreePort.pick();
        TcpProxy proxy = TcpProxy.to(port);
        LocalKafkaSettings settings =
                LocalKafkaSettings.in(directory.resolve("kafka"))
                        .behind(new LocalKafkaSettings.Proxied(port, proxy.port()));
        return new Proxied(LocalKafka.start(settings), proxy);
    }

    /// Through the proxy.
    String bootstrap() {
        return "127.0.0.1:" + proxy.port();
    }

    /// Past the proxy.
    String direct() {
        return kafka.bootstrapServers();
    }

    @Override
    public void close() {
        proxy.close();
        kafka.close();
    }
}
