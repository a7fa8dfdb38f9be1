package ai.j1msky.common.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.network.Network.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

    private static Address address(String text) {
        return Address.find(text).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0,                      0.0.0.0/0,          0.0.0.0/0",
        "::/0,                           ::/0,               ::/0",
        "203.0.113.45,                   203.0.113.45,       203.0.113.45/32",
        "203.0.113.45/32,                203.0.113.45/32,    203.0.113.45/32",
        "255.255.255.255,                255.255.255.255,    255.255.255.255/32",
        "0.0.0.0,                        0.0.0.0,            0.0.0.0/32",
        "192.168.1.0/24,                 192.168.1.0/24,     192.168.1.0/24",
        "10.0.0.0/8,                     10.0.0.0/8,         10.0.0.0/8",
        "10.0.0.254/31,                  10.0.0.254/31,      10.0.0.254/31",
        "128.0.0.0/1,                    128.0.0.0/1,        128.0.0.0/1",
        "::1,                            ::1,                ::1/128",
        "::,                             ::,                 ::/128",
        "::/128,                         ::/128,             ::/128",
        "2001:DB8::/32,                  2001:db8::/32,      2001:db8::/32",
        "2001:0db8:0:0:0:0:0:0/32,       2001:db8::/32,      2001:db8::/32",
        "2001:db8:0:1:1:1:1:1,           2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1/128",
        "fe80::/10,                      fe80::/10,          fe80::/10",
        "64:ff9b::192.0.2.33,            64:ff9b::c000:221,  64:ff9b::c000:221/128",
        "::192.0.2.33,                   ::c000:221,         ::c000:221/128",
        "::ffff:10.1.2.3,                10.1.2.3,           10.1.2.3/32",
        "::ffff:a01:203,                 10.1.2.3,           10.1.2.3/32",
        "0:0:0:0:0:FFFF:10.1.2.3/128,    10.1.2.3/32,        10.1.2.3/32",
        "::ffff:10.0.0.0/104,            10.0.0.0/8,         10.0.0.0/8",
        "::ffff:0:0/96,                  0.0.0.0/0,          0.0.0.0/0"
    })
    void aPlainTextIsANetwork(String text, String shown, String cidr) {
        // When
        Network network = Network.parse(text);

        // Then
        assertThat(network).hasToString(shown);
        assertThat(network.cidr()).isEqualTo(cidr);
        assertThat(network).isEqualTo(Network.parse(cidr)).hasSameHashCodeAs(Network.parse(cidr));
        assertThat(Network.parse(shown)).isEqualTo(network);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "*",
                "localhost",
                "example.com",
                "127.1",
                "127",
                "2130706433",
                "0x7f000001",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "127.0.0.01",
                "010.0.0.0/8",
                "127.0.0.1.",
                ".127.0.0.1",
                "127.0.0.1.1",
                "256.0.0.1",
                "1.2.3.-4",
                "10.0.0.*",
                "10.0.0.1-9",
                "10.0-3.0.0",
                "10.0.0.1,10.0.0.2",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                "10.0.0.0/255.0.0.0",
                "10.0.0.0/99999999999",
                "10/8",
                "/8",
                "/",
                " 10.0.0.1",
                "10.0.0.1 ",
                "10.0.0.1\n",
                "10.0.0.0 /8",
                "10.0.0.1:80",
                "[::1]",
                "[::1]:80",
                "::1%eth0",
                "::1%",
                "fe80::1%25eth0",
                "fe80::%eth0/64",
                "::1/129",
                "::/00",
                ":",
                ":::",
                "::1::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                ":1:2:3:4:5:6:7:8",
                "12345::",
                "00001::",
                "g::",
                "::*",
                "::1-2",
                "::0x1",
                "::ffff:127.1",
                "::ffff:0177.0.0.1",
                "::ffff:1.2.3.256",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "4)+k&C#VzJ4br>0wv%Yp",
                "::ffff:0:0/95",
                "１２７.0.0.1",
                "127。0。0。1"
            })
    void anythingElseIsNone(String text) {
        assertThat(Network.read(text)).isInstanceOf(Reading.Refused.class);
        assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.5/8,              10.0.0.0/8,     10.0.0.5",
        "192.168.1.1/0,           0.0.0.0/0,      192.168.1.1",
        "2001:db8::1/32,          2001:db8::/32,  2001:db8::1",
        "::1/0,                   ::/0,           ::1",
        "::ffff:10.0.0.5/104,     10.0.0.0/8,     10.0.0.5"
    })
    void bitsBehindThePrefixAreAnsweredWithBothMeanings(String text, String block, String one) {
        assertThat(Network.read(text))
                .isEqualTo(
                        new Reading.Refused(
                                "has bits set behind its prefix; write "
                                        + block
                                        + " for the block or "
                                        + one
                                        + " for the one address"));
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.1.0/24, 192.168.1.0,         true",
        "192.168.1.0/24, 192.168.1.255,       true",
        "192.168.1.0/24, 192.168.2.0,         false",
        "192.168.1.0/24, 192.168.0.255,       false",
        "192.168.1.0/24, ::ffff:192.168.1.7,  true",
        "10.0.0.254/31,  10.0.0.255,          true",
        "10.0.0.254/31,  10.0.0.253,          false",
        "203.0.113.45,   203.0.113.45,        true",
        "203.0.113.45,   203.0.113.46,        false",
        "0.0.0.0/0,      255.255.255.255,     true",
        "0.0.0.0/0,      ::1,                 false",
        "0.0.0.0/0,      ::ffff:1.2.3.4,      true",
        "::/0,           1.2.3.4,             false",
        "::/0,           ::ffff:1.2.3.4,      false",
        "::/0,           2001:db8::1,         true",
        "2001:db8::/32,  2001:db8:ffff::1,    true",
        "2001:db8::/32,  2001:db9::,          false",
        "::1,            ::1,                 true",
        "::1,            127.0.0.1,           false",
        "::ffff:0:0/96,  8.8.8.8,             true",
        "::/96,          ::1.2.3.4,           true",
        "::/96,          1.2.3.4,             false"
    })
    void aNetworkHoldsItsAddresses(String network, String address, boolean isIn) {
        assertThat(Network.parse(network).contains(address(address))).isEqualTo(isIn);
    }

    @Test
    void anAddressAndTheBlockAroundItDiffer() {
        assertThat(Network.parse("10.0.0.0")).isNotEqualTo(Network.parse("10.0.0.0/8"));
        assertThat(Network.parse("::/0")).isNotEqualTo(Network.parse("0.0.0.0/0"));
    }

    @Test
    void onTheLogANetworkIsItsText() {
        // Given
        Network network = Network.parse("203.0.113.45/32");

        // When
        String json = WireJson.MAPPER.writeValueAsString(network);

        // Then
        assertThat(json).isEqualTo("\"203.0.113.45/32\"");
        assertThat(WireJson.MAPPER.readValue(json, Network.class)).isEqualTo(network);
    }
}
