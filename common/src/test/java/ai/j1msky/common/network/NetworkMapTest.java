package ai.j1msky.common.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkMapTest {

    private final NetworkMap<String> map = new NetworkMap<>();

    private static Address address(String text) {
        return Address.find(text).orElseThrow();
    }

    private void put(String network) {
        map.put(Network.parse(network), network);
    }

    @Test
    void anEmptyMapCoversNobody() {
        assertThat(map.covers(address("10.0.0.1"))).isFalse();
        assertThat(map.covers(address("::1"))).isFalse();
    }

    @Test
    void theSmallestWantedNetworkIsFoundFirst() {
        // Given
        List.of("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "0.0.0.0/0", "::/0").forEach(this::put);

        // When / Then
        assertThat(map.find(address("10.1.2.3"), v -> true)).contains("10.1.2.3");
        assertThat(map.find(address("10.1.2.4"), v -> true)).contains("10.1.0.0/16");
        assertThat(map.find(address("10.1.2.3"), v -> v.endsWith("/8"))).contains("10.0.0.0/8");
        assertThat(map.find(address("11.0.0.1"), v -> true)).contains("0.0.0.0/0");
        assertThat(map.find(address("11.0.0.1"), v -> false)).isEmpty();
        assertThat(map.find(address("::1"), v -> true)).contains("::/0");
    }

    @Test
    void whatIsPutAgainReplacesAndWhatIsRemovedIsGone() {
        // Given
        put("10.0.0.1");
        put("10.0.0.1/32");

        // When / Then
        assertThat(map.values()).containsExactly("10.0.0.1/32");
        map.remove(Network.parse("::ffff:10.0.0.1"));
        assertThat(map.values()).isEmpty();
        assertThat(map.covers(address("10.0.0.1"))).isFalse();
    }

    @Test
    void aSetCoversWhatItsNetworksHold() {
        // Given
        NetworkMap<Network> set =
                NetworkMap.of(
                        List.of(Network.parse("192.168.1.0/24"), Network.parse("2001:db8::/32")));

        // When / Then
        assertThat(set.covers(address("192.168.1.9"))).isTrue();
        assertThat(set.covers(address("::ffff:192.168.1.9"))).isTrue();
        assertThat(set.covers(address("192.168.2.9"))).isFalse();
        assertThat(set.covers(address("2001:db8:7::"))).isTrue();
        assertThat(set.covers(address("2001:db9::"))).isFalse();
    }
}
