package ai.j1msky.gateway.address;

import ai.j1msky.common.network.Address;
import ai.j1msky.common.network.Network;
import ai.j1msky.common.network.NetworkMap;
import ai.j1msky.common.policy.IpWhitelist.Terms;
import java.util.List;

/// The terms of a whitelist, ready to be asked.
record Whitelist(Terms terms, NetworkMap<Network> allowed) {

    static Whitelist of(Terms terms) {
        return new Whitelist(terms, NetworkMap.of(terms.allowedIps()));
    }

    /// What `config.json` says; without addresses there is no whitelist.
    static Whitelist configured(List<Network> allowedIps) {
        return of(new Terms(allowedIps, !allowedIps.isEmpty(), true));
    }

    /// Whether the address is on it. On a list without addresses that is not enforced, everybody is.
    boolean names(Address client) {
        return (terms.allowedIps().isEmpty() && !terms.enforce()) || allowed.covers(client);
    }

    boolean locksOut(Address client) {
        return terms.enforce() && !allowed.covers(client);
    }
}
