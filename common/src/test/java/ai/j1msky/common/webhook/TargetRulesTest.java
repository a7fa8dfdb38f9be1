package ai.j1msky.common.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.network.Network;
import ai.j1msky.common.webhook.TargetRules.Reach;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetRulesTest {

    private static final TargetRules STRICT = new TargetRules(List.of(), Set.of());
    private static final TargetRules LAN =
            new TargetRules(
                    List.of(
                            Network.parse("0.0.0.0/0"),
                            Network.parse("::/0")), // whatever an operator may list
                    Set.of(6379));

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://",
                "https://",
                "ftp://example.com/",
                "file:///etc/passwd",
                "gopher://example.com/",
                "//example.com/",
                "example.com",
                "https://user@example.com/",
                "https://user:word@example.com/",
                "https://example.com/#part",
                "https://example.com:0/",
                "https://example.com:65536/",
                "https://exa mple.com/",
                "https://example.com/grüße",
                "https://localhost/",
                "https://LOCALHOST./",
                "https://api.localhost/",
                "https://metadata.google.internal/",
                "https://metadata.google.internal./computeMetadata",
                "https://127.1/",
                "https://2130706433/",
                "https://0x7f.1/",
                "https://0x7f000001/",
                "https://0177.0.0.1/",
                "https://127.0.0.1./",
                "https://127.000.000.001/",
                "https://[::ffff:127.0.0.01]/",
                "https://[fe80::1%25eth0]/",
                "https://[fe80::1%eth0]/"
            })
    void aTextThatIsNoPlainTargetIsRefused(String text) {
        assertThat(TargetRules.read(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://your-app.com/webhook",
                "https://your-app.com:8443/webhook?to=me",
                "http://192.168.1.5:8000/hook",
                "https://93.184.216.34/",
                "https://[2606:4700::1111]/",
                "https://xn--bcher-kva.example/"
            })
    void aPlainTargetIsRead(String text) {
        assertThat(TargetRules.read(text)).contains(URI.create(text));
    }

    @Test
    void aLongTextIsRefused() {
        assertThat(TargetRules.read("https://example.com/" + "a".repeat(2_000))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "0.0.0.0",
                "10.0.0.5",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.5",
                "100.64.0.1",
                "169.254.169.254",
                "192.0.0.8",
                "192.0.2.1",
                "198.18.0.1",
                "198.51.100.7",
                "203.0.113.45",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::ffff:127.0.0.1",
                "::ffff:a9fe:a9fe",
                "64:ff9b::7f00:1",
                "64:ff9b::a00:5",
                "64:ff9b:1::a00:5",
                "2002:7f00:1::",
                "2002:c0a8:105::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:db8::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "100::1",
                "3fff::1",
                "4000::1"
            })
    void whatIsNotOnTheInternetIsNeverReached(String literal) {
        assertThat(STRICT.reachOf(address(literal))).isEqualTo(Reach.NOBODYS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "169.254.169.254",
                "::ffff:169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "224.0.0.1",
                "255.255.255.255",
                "192.0.0.8",
                "::",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "2001:db8::1"
            })
    void noListOfTheOperatorReachesThese(String literal) {
        assertThat(LAN.reachOf(address(literal))).isEqualTo(Reach.NOBODYS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "93.184.216.34",
                "8.8.8.8",
                "172.15.0.1",
                "172.32.0.1",
                "2606:4700::1111",
                "64:ff9b::808:808",
                "2002:808:808::1"
            })
    void whatIsOnTheInternetIsReached(String literal) {
        assertThat(STRICT.reachOf(address(literal))).isEqualTo(Reach.PUBLIC);
    }

    @Test
    void httpGoesOnlyWhereTheOperatorSaysSo() {
        // Given
        TargetRules rules = new TargetRules(List.of(Network.parse("192.168.1.0/24")), Set.of(6379));

        // Then
        assertThat(rules.allow(URI.create("http://a.example/"), address("93.184.216.34")))
                .isFalse();
        assertThat(rules.allow(URI.create("https://a.example/"), address("93.184.216.34")))
                .isTrue();
        assertThat(rules.allow(URI.create("http://a.example/"), address("192.168.1.5"))).isTrue();
        assertThat(rules.allow(URI.create("http://a.example/"), address("192.168.2.5"))).isFalse();
        assertThat(rules.allow(URI.create("http://a.example:6379/"), address("192.168.1.5")))
                .as("a service of the cluster")
                .isFalse();
    }

    @Test
    void portsAreReadFromTheAddressesOfServices() {
        assertThat(
                        TargetRules.portsOf(
                                "10.0.0.1:9092,[::1]:9093, kafka:9094", "6379", "", "-1", "host"))
                .containsExactlyInAnyOrder(9092, 9093, 9094, 6379);
    }

    @Test
    void oneBadAddressOfAHostIsEnough() {
        // Given
        URI target = URI.create("https://a.example/");

        // Then
        assertThat(STRICT.allow(target, address("93.184.216.34"), address("10.0.0.1"))).isFalse();
        assertThat(STRICT.allow(target)).as("a host without one").isFalse();
    }

    /// Private IPv4 addresses in every IPv6 address that carries one.
    @Test
    void noWrappingMakesAPrivateAddressPublic() throws UnknownHostException {
        Random random = new Random(20_261_126);
        byte[][] prefixes = {
            {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff},
            {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
            {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}
        };
        for (int i = 0; i < 20_000; i++) {
            byte[] plain = {10, 0, 0, 0};
            random.nextBytes(plain);
            plain[0] = new byte[] {10, 127, 0, (byte) 224, (byte) 240}[random.nextInt(5)];
            for (byte[] prefix : prefixes) {
                byte[] wrapped = Arrays.copyOf(prefix, 16);
                System.arraycopy(plain, 0, wrapped, 12, 4);
                requireNobodys(wrapped);
            }
            byte[] sixToFour = new byte[16];
            random.nextBytes(sixToFour);
            sixToFour[0] = 0x20;
            sixToFour[1] = 2;
            System.arraycopy(plain, 0, sixToFour, 2, 4);
            requireNobodys(sixToFour);
        }
    }

    private static void requireNobodys(byte[] bytes) throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(bytes);
        assertThat(STRICT.reachOf(address)).as(address.toString()).isEqualTo(Reach.NOBODYS);
    }
}
