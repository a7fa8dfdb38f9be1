package ai.j1msky.gateway.audit;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.gateway.audit.chain.AuditFact;
import ai.j1msky.gateway.audit.chain.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sums refusals up: for each kind and address one entry at once, and one at the end of the minute that says how many
/// more there were. Beyond so many addresses in a minute the rest is one sum for each kind. Thread-safe.
final class Violations {

    static final int ADDRESSES = 60;
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Map<Source, Sum> sums = new HashMap<>();
    private Instant windowEnd = Instant.EPOCH;

    private record Source(
            String kind, AccountId account, @Nullable KeyId key, @Nullable String address) {}

    private static final class Sum {
        private final AuditFact first;
        private long more;

        Sum(AuditFact first) {
            this.first = first;
        }
    }

    /// The fact when it is to be told at once.
    synchronized Optional<AuditFact> add(String kind, AuditFact fact) {
        if (sums.isEmpty()) {
            windowEnd = fact.at().plus(WINDOW);
        }
        Source source =
                new Source(kind, fact.account(), fact.key(), network(fact.origin().address()));
        Sum known = sums.get(source);
        if (known != null) {
            known.more++;
            return Optional.empty();
        }
        if (sums.size() < ADDRESSES) {
            sums.put(source, new Sum(fact));
            return Optional.of(fact);
        }
        AuditFact anybody =
                fact.by(null)
                        .from(Origin.NONE)
                        .with(
                                WireJson.MAPPER
                                        .createObjectNode()
                                        .put("kind", kind)
                                        .put("addresses", "others"));
        sums.computeIfAbsent(
                        new Source(kind, AccountId.MAIN, null, null), others -> new Sum(anybody))
                .more++;
        return Optional.empty();
    }

    /// What is to be told of a minute that is over.
    synchronized List<AuditFact> passed(Instant now) {
        if (sums.isEmpty() || now.isBefore(windowEnd)) {
            return List.of();
        }
        List<AuditFact> facts = new ArrayList<>();
        for (Sum sum : sums.values()) {
            if (sum.more > 0) {
                facts.add(
                        AuditFact.of(sum.first.event(), sum.first.account(), now)
                                .by(sum.first.key())
                                .from(
                                        new Origin(
                                                sum.first.origin().address(),
                                                sum.first.origin().userAgent(),
                                                null))
                                .with(
                                        sum.first
                                                .details()
                                                .deepCopy()
                                                .put("more", sum.more)
                                                .put("seconds", WINDOW.toSeconds())));
            }
        }
        sums.clear();
        return facts;
    }

    /// An IPv6 network: its owner has all of its addresses to come from.
    private static @Nullable String network(@Nullable String address) {
        if (address == null || address.indexOf(':') < 0) {
            return address;
        }
        String[] groups = address.split(":", -1);
        return groups.length < 8
                ? address
                : String.join(":", groups[0], groups[1], groups[2], groups[3]);
    }
}
