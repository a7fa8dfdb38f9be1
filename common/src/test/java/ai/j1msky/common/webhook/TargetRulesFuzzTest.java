package ai.j1msky.common.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.network.Network;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whatever a text is, no webhook goes to an address in it that only this machine or its network can reach; and every
/// program that reads an accepted text finds the same host in it. Looks nothing up.
class TargetRulesFuzzTest {

    private static final TargetRules STRICT = new TargetRules(List.of(), Set.of());
    private static final TargetRules LAN =
            new TargetRules(
                    List.of(Network.parse("0.0.0.0/0"), Network.parse("::/0")), Set.of(6379));

    /// What neither RFC 3986 nor the browsers' URL standard reads differently.
    private static final Pattern PLAIN =
            Pattern.compile(
                    "(?i)https?://(\\[[0-9a-f:.]+]|[0-9a-z.-]+)(:[0-9]*)?([/?][!-~&&[^\\\\#]]*)?");

    @FuzzTest
    void noTextLeadsInside(byte[] bytes) throws UnknownHostException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Optional<URI> target = TargetRules.read(text);
        if (target.isEmpty()) {
            return;
        }
        String host = target.get().getHost();
        Matcher plain = PLAIN.matcher(text);
        assertThat(plain.matches()).as(text).isTrue();
        assertThat(plain.group(1)).isEqualTo(host);
        Optional<PlainAddress> written = PlainAddress.read(host);
        if (written.isEmpty()) {
            assertThat(host).as("a name").doesNotMatch("\\[.*|[0-9.]*");
            return;
        }
        PlainAddress address = written.get();
        assertThat(host.startsWith("[") || address.isPlainQuad(host)).as("%s", host).isTrue();
        InetAddress called = InetAddress.ofLiteral(host);
        assertThat(called.getAddress()).isEqualTo(address.bytes());
        if (address.isInner()) {
            assertThat(STRICT.allow(target.get(), called)).as("%s", called).isFalse();
        }
        if (called.isLinkLocalAddress() || called.isMulticastAddress()) {
            assertThat(LAN.allow(target.get(), called)).as("%s", called).isFalse();
        }
    }
}
