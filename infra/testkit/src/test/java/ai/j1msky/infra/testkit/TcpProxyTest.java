package ai.j1msky.infra.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {

    private final BlockingQueue<Integer> received = new LinkedBlockingQueue<>();
    private ServerSocket echo;
    private TcpProxy proxy;
    private Socket client;

    @BeforeEach
    void connect() throws IOException {
        echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::echoForever);
        proxy = TcpProxy.to(echo.getLocalPort());
        client = dial();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        proxy.close();
        echo.close();
    }

    @Test
    void bytesPassBothWays() throws IOException {
        // When
        client.getOutputStream().write('a');

        // Then
        assertThat(client.getInputStream().read()).isEqualTo('a');
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void aPauseHoldsBytesBackUntilItEnds() throws IOException {
        // Given
        proxy.pause();
        client.getOutputStream().write('a');
        client.setSoTimeout(100);
        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);

        // When
        proxy.forward();

        // Then
        client.setSoTimeout(5000);
        assertThat(client.getInputStream().read()).isEqualTo('a');
    }

    @Test
    void droppedResponsesStillReachTheServer() throws Exception {
        // Given
        proxy.dropResponses();

        // When
        client.getOutputStream().write('a');

        // Then
        assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo((int) 'a');
        client.setSoTimeout(100);
        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void latencyIsAddedToEachDirection() throws IOException {
        // Given
        proxy.delayBy(Duration.ofMillis(60));
        long start = System.nanoTime();

        // When
        client.getOutputStream().write('a');
        client.getInputStream().read();

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThanOrEqualTo(Duration.ofMillis(120));
    }

    @Test
    void aCutResetsWhatIsOpenAndLetsNewConnectionsIn() throws IOException {
        // Given
        client.getOutputStream().write('a');
        client.getInputStream().read();

        // When
        proxy.cut();

        // Then
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> proxy.connections() == 0);
        try (Socket again = dial()) {
            again.getOutputStream().write('b');
            assertThat(again.getInputStream().read()).isEqualTo('b');
        }
    }

    private Socket dial() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    }

    private void echoForever() {
        while (!echo.isClosed()) {
            try {
                Socket peer = echo.accept();
                Thread.startVirtualThread(() -> echo(peer));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void echo(Socket peer) {
        try (peer) {
            for (int next = peer.getInputStream().read();
                    next >= 0;
                    next = peer.getInputStream().read()) {
                received.add(next);
                peer.getOutputStream().write(next);
            }
        } catch (IOException e) {
            return;
        }
    }
}
