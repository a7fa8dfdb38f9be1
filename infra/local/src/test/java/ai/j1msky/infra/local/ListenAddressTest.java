package ai.j1msky.infra.local;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "localhost"})
    void aFreePortOfThisMachineWillDo(String host) {
        assertThatCode(() -> new ListenAddress(host, FreePort.pick()).requireUsable())
                .doesNotThrowAnyException();
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            // When
            assertThatExceptionOfType(UsageException.class)
                    .isThrownBy(() -> new ListenAddress("127.0.0.1", port).requireUsable())

                    // Then
                    .withMessageStartingWith("Port " + port + " is taken");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "no-such-host.invalid"})
    void anAddressThatIsNotOursIsNamed(String host) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> new ListenAddress(host, FreePort.pick()).requireUsable())
                .withMessageContaining(host)
                .withMessageContaining("choose one with --bind");
    }
}
