package ai.j1msky.gateway.audit.chain;

import ai.j1msky.common.audit.AuditAnchor;
import ai.j1msky.common.audit.ChainId;
import ai.j1msky.common.log.ReadResult;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The anchors of all chains, folded from their topic in its order. Anchors stay for ever: a missing one is a finding.
public final class Anchors {

    private final Predicate<AuditAnchor> isGenuine;
    private final Map<ChainId, AuditAnchor> newest = new LinkedHashMap<>();
    private @Nullable Finding finding;

    /// Something wrong, and where.
    public record Finding(Breach breach, String place) {}

    public Anchors(Predicate<AuditAnchor> isGenuine) {
        this.isGenuine = isGenuine;
    }

    public void accept(ReadResult<AuditAnchor> read) {
        switch (read) {
            case ReadResult.Entry<AuditAnchor>(AuditAnchor anchor) -> accept(anchor);
            case ReadResult.Tombstone<AuditAnchor>(String key) -> find(Breach.CHAIN_MISSING, key);
            case ReadResult.Poison<AuditAnchor> _ -> find(Breach.ANCHOR_FORGED, "anchors");
        }
    }

    private void accept(AuditAnchor anchor) {
        AuditAnchor before = newest.get(anchor.chain());
        if (!isGenuine.test(anchor)) {
            find(Breach.ANCHOR_FORGED, anchor.logId());
        } else if (before != null && anchor.count() < before.count()) {
            find(Breach.ANCHOR_SET_BACK, anchor.logId());
        } else {
            newest.put(anchor.chain(), anchor);
        }
    }

    /// Finds anchors that are behind, or gone, of which more was known.
    void requireAtLeast(Map<ChainId, Long> reached) {
        reached.forEach(
                (chain, count) -> {
                    AuditAnchor anchor = newest.get(chain);
                    if (anchor == null) {
                        find(Breach.CHAIN_MISSING, chain + ":1");
                    } else if (anchor.count() < count) {
                        find(Breach.ANCHOR_SET_BACK, anchor.logId());
                    }
                });
    }

    private void find(Breach breach, String place) {
        if (finding == null) {
            finding = new Finding(breach, place);
        }
    }

    public Optional<Finding> finding() {
        return Optional.ofNullable(finding);
    }

    public @Nullable AuditAnchor of(ChainId chain) {
        return newest.get(chain);
    }

    public Collection<AuditAnchor> all() {
        return newest.values();
    }
}
