package ai.j1msky.common.network;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.network.Network.Reading;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Whatever a text is, [Network] and [Address] read it exactly when [PlainNetwork] does, and as the same addresses.
class NetworkFuzzTest {

    private static final int LONGEST = 200;
    private static final String NOT_ONE =
            "must be an address or a CIDR block, such as 192.168.1.0/24 or 2001:db8::/32";
    private static final String BITS_BEHIND =
            "has bits set behind its prefix; write [0-9a-f.:]{2,39}/[0-9]{1,3} for the block"
                    + " or [0-9a-f.:]{2,39} for the one address";

    @FuzzTest
    void aTextIsReadAsItsGrammarSays(byte[] bytes) throws UnknownHostException {
        if (bytes.length > LONGEST) {
            return;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        Optional<PlainNetwork> plain = PlainNetwork.read(text);
        switch (Network.read(text)) {
            case Reading.Understood(Network network) -> {
                assertThat(plain).as("accepted").isPresent();
                requireSame(network, plain.get());
                requireOneText(network);
            }
            case Reading.Refused(String complaint) -> {
                if (plain.isPresent()) {
                    assertThat(plain.get().hasBitsBehind()).as("refused").isTrue();
                    assertThat(complaint).matches(BITS_BEHIND);
                } else {
                    assertThat(complaint).isEqualTo(NOT_ONE);
                }
            }
        }
        Optional<Address> address = Address.find(text);
        assertThat(address.isPresent()).isEqualTo(plain.isPresent() && text.indexOf('/') < 0);
        if (address.isPresent()) {
            requireSame(address.get(), text, plain.orElseThrow());
        }
    }

    private static void requireSame(Network network, PlainNetwork plain)
            throws UnknownHostException {
        assertThat(plain.hasBitsBehind()).isFalse();
        assertThat(network.isEverything()).isEqualTo(plain.prefix() == 0);
        requireHeld(network, plain.start(), true);
        requireHeld(network, plain.last(), true);
        for (int bit = 0; bit < plain.prefix(); bit++) {
            requireHeld(network, PlainNetwork.flipped(plain.start(), bit), false);
            requireHeld(network, PlainNetwork.flipped(plain.last(), bit), false);
        }
        requireHeld(network, new byte[plain.start().length == 4 ? 16 : 4], false);
    }

    private static void requireHeld(Network network, byte[] bytes, boolean held)
            throws UnknownHostException {
        InetAddress peer = InetAddress.getByAddress(bytes);
        // An IPv6 address may differ from all others of its block in that it is a mapped IPv4
        // address.
        boolean isHeld = held && (peer.getAddress().length == 16) == network.isIpv6();
        Address address = Address.of(peer);
        assertThat(network.contains(address)).as("%s in %s", address, network).isEqualTo(isHeld);
        assertThat(NetworkMap.of(List.of(network)).covers(address)).isEqualTo(isHeld);
    }

    private static void requireOneText(Network network) {
        for (String text : List.of(network.toString(), network.cidr())) {
            Network again = Network.parse(text);
            assertThat(again).isEqualTo(network).hasSameHashCodeAs(network).hasToString(text);
            assertThat(again.cidr()).isEqualTo(network.cidr());
        }
    }

    private static void requireSame(Address address, String text, PlainNetwork plain)
            throws UnknownHostException {
        assertThat(InetAddress.ofLiteral(text).getAddress()).isEqualTo(plain.start());
        assertThat(address)
                .isEqualTo(Address.of(InetAddress.getByAddress(plain.start())))
                .isEqualTo(Address.find(address.toString()).orElseThrow());
        assertThat(Network.parse(address.bucket()).contains(address)).isTrue();
    }
}
