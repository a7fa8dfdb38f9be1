package ai.j1msky.gateway.address;

import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.LogClients;
import ai.j1msky.common.log.Position;
import ai.j1msky.common.network.Address;
import ai.j1msky.common.network.Network;
import ai.j1msky.common.network.NetworkMap;
import ai.j1msky.common.policy.IpBlock;
import ai.j1msky.common.policy.IpWhitelist;
import ai.j1msky.common.policy.Policy;
import ai.j1msky.common.registry.FoldedRegistry;
import ai.j1msky.common.topic.Topics;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The whitelist and the blocked addresses, folded in memory from their topic. Keeps answering while Kafka or Redis is
/// away. Thread-safe.
public final class AddressRules implements AutoCloseable {

    private static final Verdict WELCOME = new Verdict.Welcome();

    private final FoldedRegistry<Policy> registry;
    private final NetworkMap<IpBlock> blocks = new NetworkMap<>();
    private final Whitelist configured;
    private final Clock clock;
    private volatile WhitelistTimes whitelist;

    /// @param allowedIps the whitelist of `config.json`, which holds until one is set
    public AddressRules(LogClients clients, Collection<Network> allowedIps, Clock clock) {
        this.clock = clock;
        this.configured = Whitelist.configured(List.copyOf(allowedIps));
        this.whitelist = WhitelistTimes.always(configured);
        this.registry = new FoldedRegistry<>(new EntryCodec<>(Topics.POLICIES), clients, this::set);
    }

    public void start() {
        registry.start();
    }

    /// Whether everything that was set before the start is known. Until then nobody can be let in.
    public boolean isReady() {
        return registry.isCaughtUp();
    }

    /// A block counts whatever the whitelist says.
    Verdict judge(Address client) {
        Instant now = clock.instant();
        Whitelist current = whitelist.at(now);
        if (blocks.find(client, block -> block.isActiveAt(now)).isPresent()) {
            return new Verdict.Blocked(current.terms().logViolations());
        }
        return current.names(client)
                ? WELCOME
                : new Verdict.NotWhitelisted(
                        current.terms().enforce(), current.terms().logViolations());
    }

    WhitelistTimes whitelist() {
        return whitelist;
    }

    /// All blocks on the log, also those that are over.
    Collection<IpBlock> blocks() {
        return blocks.values();
    }

    /// Completes when these rules have read the record at that position.
    CompletableFuture<Void> reached(Position position) {
        return registry.reached(position);
    }

    @Override
    public void close() {
        registry.close();
    }

    private void set(FoldedRegistry.Change<Policy> change) {
        switch (change.entry().orElse(null)) {
            case IpWhitelist stored -> whitelist = WhitelistTimes.of(stored, configured);
            case IpBlock block -> blocks.put(block.network(), block);
            case null -> unset(change.key());
        }
    }

    private void unset(String key) {
        if (key.equals(IpWhitelist.KEY)) {
            whitelist = WhitelistTimes.always(configured);
        } else if (IpBlock.isKey(key)
                && IpBlock.networkOf(key) instanceof Network.Reading.Understood(Network network)) {
            blocks.remove(network);
        }
    }
}
