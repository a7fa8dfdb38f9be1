package ai.j1msky.common.config;

import ai.j1msky.common.network.Network;
import java.util.List;

/// Where webhooks may go.
///
/// @param allowedSubnets the operator's own networks that they may reach
public record WebhooksConfig(List<Network> allowedSubnets) {

    public WebhooksConfig {
        allowedSubnets = List.copyOf(allowedSubnets);
    }

    static WebhooksConfig read(ConfigSection section) {
        List<Network> allowed =
                section.networks(
                        "allowed_subnets",
                        "Private networks, and loopback, that webhooks may reach, with http too; link-local addresses they never reach.");
        section.finish();
        return new WebhooksConfig(allowed);
    }
}
