package ai.j1msky.gateway.audit.chain;

import ai.j1msky.common.audit.AuditAnchor;
import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.audit.ChainId;
import ai.j1msky.common.id.AccountId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Checks the audit log, entry by entry in its order, against the anchors. Pure: no clock, no log.
///
/// The rules, in full (ADR 9):
///
/// 1. An entry's hash is that of its content.
/// 2. In a chain each entry follows the one before it: the next number, its hash, its time.
/// 3. A chain begins with number 1, or with one whose predecessor is old enough to have expired.
/// 4. A chain reaches at least as far as its anchor said before the entries were read, with that head, and no further
///    than its anchor says after they were read. Entries and anchor are one transaction, so nothing is in between.
/// 5. A chain without any entry has an anchor old enough for all of them to have expired.
/// 6. An entry's chain has an anchor; every chain that the first entry of another names has one, not set back.
public final class ChainCheck {

    /// The name, in the details of a chain's first entry, of the chains that were there before.
    static final String WITNESSED = "chains";

    private final Anchors before;
    private final Instant cutoff;
    private final Map<ChainId, Place> places = new HashMap<>();
    private final Map<ChainId, Long> witnessed = new HashMap<>();
    private final Map<AccountId, Long> counts = new HashMap<>();
    private @Nullable Broken broken;

    /// @param account whose entry it is about; null when it is about no one's
    public record Broken(Breach breach, String place, @Nullable AccountId account) {}

    /// @param counts entries of each account
    /// @param broken the first thing that is wrong, or null
    public record Result(Map<AccountId, Long> counts, @Nullable Broken broken) {

        public boolean isValid() {
            return broken == null;
        }

        public long entries() {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }

        boolean mayPass() {
            return broken != null && broken.breach.mayPass();
        }
    }

    private record Place(long sequence, String hash, Instant at, AccountId account) {}

    /// @param before the anchors as they were before the first entry was read
    /// @param cutoff what is older may have expired
    public ChainCheck(Anchors before, Instant cutoff) {
        this.before = before;
        this.cutoff = cutoff;
        before.finding().ifPresent(f -> find(f.breach(), f.place(), null));
    }

    /// A record that is no entry.
    public void unreadable(long offset) {
        find(Breach.UNREADABLE, "offset " + offset, null);
    }

    public void accept(AuditEntry entry) {
        counts.merge(entry.account(), 1L, Long::sum);
        if (!entry.matchesItsHash()) {
            find(Breach.EDITED, entry);
        }
        Place last = places.get(entry.chain());
        if (last == null) {
            begin(entry);
        } else {
            follow(last, entry);
        }
        AuditAnchor anchor = before.of(entry.chain());
        if (anchor != null
                && anchor.count() == entry.sequence()
                && !anchor.head().equals(entry.hash())) {
            find(Breach.EDITED, entry);
        }
        if (entry.event() == AuditEvent.AUDIT_START) {
            witness(entry);
        }
    }

    private void begin(AuditEntry entry) {
        if (entry.sequence() == 1) {
            if (!entry.previousHash().equals(AuditEntry.NOTHING) || entry.previousAt() != null) {
                find(Breach.EDITED, entry);
            }
        } else if (entry.previousAt() == null || entry.previousAt().isAfter(cutoff)) {
            find(Breach.CUT_AT_START, entry);
        }
        places.put(entry.chain(), placeOf(entry));
    }

    private void follow(Place last, AuditEntry entry) {
        if (entry.sequence() <= last.sequence) {
            late(entry);
            return;
        }
        if (entry.sequence() > last.sequence + 1) {
            find(Breach.MISSING, entry.chain() + ":" + (last.sequence + 1), null);
        } else if (!entry.previousHash().equals(last.hash) || !last.at.equals(entry.previousAt())) {
            // What the next one vouches for is not what stands there.
            find(Breach.EDITED, entry.chain() + ":" + last.sequence, last.account);
        }
        places.put(entry.chain(), placeOf(entry));
    }

    /// An entry behind one that comes after it: what seemed missing was moved, or it is there twice.
    private void late(AuditEntry entry) {
        if (broken != null
                && broken.breach == Breach.MISSING
                && broken.place.equals(entry.logId())) {
            broken = new Broken(Breach.REORDERED, broken.place, entry.account());
        }
        find(Breach.REPEATED, entry);
    }

    private void witness(AuditEntry start) {
        for (JsonNode named : start.details().path(WITNESSED)) {
            String text = named.asString("");
            int colon = text.lastIndexOf(':');
            try {
                ChainId chain = new ChainId(text.substring(0, Math.max(colon, 0)));
                long count = Long.parseLong(text.substring(colon + 1));
                witnessed.merge(chain, count, Math::max);
            } catch (IllegalArgumentException notWrittenHere) {
                find(Breach.EDITED, start);
            }
        }
    }

    /// What is found once every entry has been read.
    ///
    /// @param after the anchors as they were after the last entry was read
    public Result finish(Anchors after) {
        after.finding().ifPresent(f -> find(f.breach(), f.place(), null));
        for (AuditAnchor anchor : before.all()) {
            Place last = places.get(anchor.chain());
            if (last == null) {
                if (anchor.at().isAfter(cutoff)) {
                    find(Breach.CHAIN_MISSING, anchor.chain() + ":1", null);
                }
            } else if (last.sequence < anchor.count()) {
                find(Breach.CUT_AT_END, anchor.chain() + ":" + (last.sequence + 1), null);
            }
        }
        places.forEach((chain, last) -> requireAnchored(after.of(chain), chain, last));
        witnessed.forEach((chain, count) -> requireReached(after.of(chain), chain, count));
        return new Result(Map.copyOf(counts), broken);
    }

    private void requireAnchored(@Nullable AuditAnchor anchor, ChainId chain, Place last) {
        if (anchor == null || last.sequence > anchor.count()) {
            find(Breach.NOT_ANCHORED, chain + ":" + last.sequence, last.account);
        } else if (last.sequence == anchor.count() && !last.hash.equals(anchor.head())) {
            find(Breach.EDITED, chain + ":" + last.sequence, last.account);
        }
    }

    private void requireReached(@Nullable AuditAnchor anchor, ChainId chain, long count) {
        if (anchor == null) {
            find(Breach.CHAIN_MISSING, chain + ":1", null);
        } else if (anchor.count() < count) {
            find(Breach.ANCHOR_SET_BACK, anchor.logId(), null);
        }
    }

    private static Place placeOf(AuditEntry entry) {
        return new Place(entry.sequence(), entry.hash(), entry.timestamp(), entry.account());
    }

    private void find(Breach breach, AuditEntry entry) {
        find(breach, entry.logId(), entry.account());
    }

    private void find(Breach breach, String place, @Nullable AccountId account) {
        if (broken == null) {
            broken = new Broken(breach, place, account);
        }
    }
}
