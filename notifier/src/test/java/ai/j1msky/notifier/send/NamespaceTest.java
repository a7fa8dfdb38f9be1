package ai.j1msky.notifier.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Where webhooks go, told by those who listen there: in a network namespace of its own, whose loopback has a public
/// address, that of cloud metadata, and private ones. Needs Linux and the right to make namespaces.
class NamespaceTest {

    private static final String PUBLIC = "93.184.216.34";
    private static final List<String> INSIDE =
            List.of("169.254.169.254", "10.7.7.7", "127.0.0.1", "fd00:ec2::254", "::1");

    @Test
    void onlyThePublicAddressIsConnectedToWhateverNamesAndWritingsSay() throws Exception {
        // Given
        assumeTrue(run("true").isEmpty(), "no network namespaces can be made here");

        // When
        String counted =
                run(
                        "exec \"$0\" -cp \"$1\" "
                                + NamespaceMain.class.getName()
                                + " "
                                + PUBLIC
                                + " "
                                + String.join(" ", INSIDE));

        // Then
        List<String> expected = new ArrayList<>(List.of(PUBLIC + "=1"));
        INSIDE.forEach(address -> expected.add(address + "=0"));
        assertThat(counted.lines().filter(line -> line.contains("="))).isEqualTo(expected);
    }

    /// In a namespace where all of the addresses are this machine's; what it printed, errors included.
    private static String run(String command) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder("ip link set lo up");
        for (String address : List.of(PUBLIC, "169.254.169.254", "10.7.7.7", "fd00:ec2::254")) {
            script.append(" && ip addr add ")
                    .append(address)
                    .append(address.contains(":") ? "/128 nodad" : "/32")
                    .append(" dev lo");
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try {
            Process process =
                    new ProcessBuilder(
                                    "unshare",
                                    "-rn",
                                    "sh",
                                    "-c",
                                    script + " && " + command,
                                    java,
                                    System.getProperty("java.class.path"))
                            .redirectErrorStream(true)
                            .start();
            String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue() == 0 || !printed.isBlank()
                    ? printed
                    : "exit code " + process.exitValue();
        } catch (IOException absent) {
            return "there is no unshare: " + absent.getMessage();
        }
    }
}
