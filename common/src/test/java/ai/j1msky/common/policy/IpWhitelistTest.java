package ai.j1msky.common.policy;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.network.Network;
import ai.j1msky.common.policy.IpWhitelist.Terms;
import ai.j1msky.common.policy.IpWhitelist.Trial;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class IpWhitelistTest {

    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);
    private static final Terms OFFICE = terms("192.168.1.0/24");
    private static final Terms VPN = terms("10.0.0.0/8");
    private static final Terms CAFE = terms("198.51.100.0/24");

    private static Terms terms(String network) {
        return new Terms(List.of(Network.parse(network)), true, true);
    }

    @Test
    void termsThatLetTheirAuthorInStand() {
        assertThat(IpWhitelist.next(null, OFFICE, false, NOW))
                .isEqualTo(new IpWhitelist(OFFICE, null, NOW));
    }

    @Test
    void termsThatLockTheirAuthorOutLeadBackToWhatStood() {
        // Given
        IpWhitelist office = IpWhitelist.next(null, OFFICE, false, NOW);

        // When
        IpWhitelist vpn = IpWhitelist.next(office, VPN, true, LATER);

        // Then
        assertThat(vpn.trial()).isEqualTo(new Trial(OFFICE, LATER.plusSeconds(300)));
    }

    @Test
    void theFirstTrialLeadsBackToTheConfiguration() {
        assertThat(IpWhitelist.next(null, OFFICE, true, NOW).trial())
                .isEqualTo(new Trial(null, NOW.plusSeconds(300)));
    }

    @Test
    void aTrialNeverLeadsBackToAnotherTrial() {
        // Given
        IpWhitelist office = IpWhitelist.next(null, OFFICE, false, NOW);
        IpWhitelist vpn = IpWhitelist.next(office, VPN, true, NOW);

        // When
        IpWhitelist cafe = IpWhitelist.next(vpn, CAFE, true, LATER);

        // Then
        assertThat(cafe.trial()).isEqualTo(new Trial(OFFICE, LATER.plusSeconds(300)));
    }

    @Test
    void repeatedFromAnAllowedAddressATrialStands() {
        // Given
        IpWhitelist trial = IpWhitelist.next(null, VPN, true, NOW);

        // When
        IpWhitelist repeated = IpWhitelist.next(trial, VPN, false, LATER);

        // Then
        assertThat(repeated).isEqualTo(new IpWhitelist(VPN, null, LATER));
    }
}
