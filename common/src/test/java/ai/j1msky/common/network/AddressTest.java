package ai.j1msky.common.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.45,                 203.0.113.45,             203.0.113.45",
        "::ffff:203.0.113.45,          203.0.113.45,             203.0.113.45",
        "::1,                          ::1,                      ::/64",
        "2001:DB8:1:2:3:4:5:6,         2001:db8:1:2:3:4:5:6,     2001:db8:1:2::/64",
        "2001:db8:1:2:ffff:ffff::,     2001:db8:1:2:ffff:ffff::, 2001:db8:1:2::/64",
        "2001:db8:0:0:1:0:0:1,         2001:db8::1:0:0:1,        2001:db8::/64"
    })
    void anAddressHasOneTextAndOneBucket(String text, String shown, String bucket) {
        // When
        Address address = Address.find(text).orElseThrow();

        // Then
        assertThat(address).hasToString(shown);
        assertThat(address.bucket()).isEqualTo(bucket);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "unknown", "_hidden", "10.0.0.0/8", "10.0.0.1/32", "127.1", "::1%1"})
    void anythingElseIsNone(String text) {
        assertThat(Address.find(text)).isEmpty();
    }

    @Test
    void aPeerIsTheAddressOfItsText() throws UnknownHostException {
        for (String text : new String[] {"127.0.0.1", "255.255.255.255", "::1", "2001:db8::1"}) {
            assertThat(Address.of(InetAddress.getByName(text)))
                    .isEqualTo(Address.find(text).orElseThrow())
                    .hasSameHashCodeAs(Address.find(text).orElseThrow())
                    .hasToString(text);
        }
    }

    @Test
    void aPeersZoneIsLeftOut() throws UnknownHostException {
        // Given
        byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();

        // When
        Address address = Address.of(Inet6Address.getByAddress("x", linkLocal, 7));

        // Then
        assertThat(address).hasToString("fe80::1");
    }

    @Test
    void aMappedPeerIsTheIpv4Address() throws UnknownHostException {
        // Given
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        mapped[12] = 10;
        mapped[15] = 7;

        // When: this way Java itself does not unwrap it, and nor does Netty
        Address address = Address.of(Inet6Address.getByAddress("x", mapped, 0));

        // Then
        assertThat(address).hasToString("10.0.0.7");
    }
}
