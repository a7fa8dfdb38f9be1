package ai.j1msky.gateway.audit.chain;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.audit.AuditAnchor;
import ai.j1msky.common.audit.AuditEntry;
import ai.j1msky.common.audit.AuditEvent;
import ai.j1msky.common.audit.ChainId;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.ReadResult;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.gateway.TestKeys;
import ai.j1msky.gateway.audit.chain.AnchorSeal.MacKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Every attack on a log of two chains that two gateways wrote at once, and what is legal and must not be called one.
class ChainCheckTest {

    private static final AnchorSeal SEAL = new AnchorSeal(TestKeys.MASTER);
    private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");
    private static final Instant LONG_BEFORE = START.minus(Duration.ofDays(90));
    private static final int BATCHES = 12;
    private static final int BATCH = 3;

    private final List<AuditEntry> log = new ArrayList<>();
    private final List<AuditAnchor> anchors = new ArrayList<>();
    private final Map<ChainId, MacKey> keys = new HashMap<>();
    private Chain first = new Chain(new ChainId("gateway-1~a.1"));
    private Chain second = new Chain(new ChainId("gateway-2~b.1"));
    private Instant now = START;

    @BeforeEach
    void write() {
        start(first);
        start(second);
        for (int batch = 0; batch < BATCHES; batch++) {
            write(batch % 3 == 0 ? second : first, BATCH);
        }
    }

    private void start(Chain chain) {
        keys.put(chain.id(), SEAL.keyFor(chain.id()));
        ObjectNode details = WireJson.MAPPER.createObjectNode();
        newest(anchors)
                .all()
                .forEach(
                        anchor ->
                                details.withArray("/" + ChainCheck.WITNESSED)
                                        .add(anchor.chain() + ":" + anchor.count()));
        log.add(chain.next(fact(AuditEvent.AUDIT_START).with(details)));
        anchor(chain);
    }

    private void write(Chain chain, int entries) {
        for (int n = 0; n < entries; n++) {
            log.add(chain.next(fact(AuditEvent.API_KEY_USED)));
        }
        anchor(chain);
    }

    private void anchor(Chain chain) {
        MacKey key = keys.get(chain.id());
        assertThat(key).isNotNull();
        anchors.add(SEAL.anchor(chain, key));
    }

    private AuditFact fact(AuditEvent event) {
        now = now.plusSeconds(1);
        return AuditFact.of(event, AccountId.MAIN, now);
    }

    private static Anchors newest(List<AuditAnchor> written) {
        Anchors read = new Anchors(SEAL::isGenuine);
        written.forEach(anchor -> read.accept(new ReadResult.Entry<>(anchor)));
        return read;
    }

    private static ChainCheck.Result check(
            List<AuditEntry> entries, List<AuditAnchor> anchors, Instant cutoff) {
        ChainCheck check = new ChainCheck(newest(anchors), cutoff);
        entries.forEach(check::accept);
        return check.finish(newest(anchors));
    }

    private @Nullable Breach breach(List<AuditEntry> entries) {
        return breach(entries, anchors, LONG_BEFORE);
    }

    private static @Nullable Breach breach(
            List<AuditEntry> entries, List<AuditAnchor> anchors, Instant cutoff) {
        ChainCheck.Broken broken = check(entries, anchors, cutoff).broken();
        return broken == null ? null : broken.breach();
    }

    private List<AuditEntry> with(Consumer<List<AuditEntry>> attack) {
        List<AuditEntry> copy = new ArrayList<>(log);
        attack.accept(copy);
        return copy;
    }

    private int lastOf(Chain chain) {
        for (int i = log.size() - 1; i >= 0; i--) {
            if (log.get(i).chain().equals(chain.id())) {
                return i;
            }
        }
        throw new IllegalStateException();
    }

    private static AuditEntry edited(AuditEntry entry, boolean rehash) {
        ObjectNode json = WireJson.MAPPER.valueToTree(entry);
        json.put("ip_address", "10.0.0.1");
        AuditEntry edited = WireJson.MAPPER.treeToValue(json, AuditEntry.class);
        return rehash ? edited.hashed() : edited;
    }

    @Test
    void whatWasWrittenIsValid() {
        ChainCheck.Result result = check(log, anchors, LONG_BEFORE);
        assertThat(result.broken()).isNull();
        assertThat(result.entries()).isEqualTo(2 + BATCHES * BATCH);
    }

    @Test
    void anEditIsFoundWhereverItIs() {
        for (int i = 0; i < log.size(); i++) {
            int at = i;
            ChainCheck.Broken broken =
                    check(with(l -> l.set(at, edited(l.get(at), false))), anchors, LONG_BEFORE)
                            .broken();
            assertThat(broken).isNotNull();
            assertThat(broken.breach()).isEqualTo(Breach.EDITED);
            assertThat(broken.place()).isEqualTo(log.get(i).logId());
        }
    }

    @Test
    void anEditWithItsHashMadeAnewIsFoundWhereverItIs() {
        for (int i = 0; i < log.size(); i++) {
            int at = i;
            assertThat(breach(with(l -> l.set(at, edited(l.get(at), true)))))
                    .isEqualTo(Breach.EDITED);
        }
    }

    @Test
    void aChainRewrittenFromAnEditToItsEndIsFoundByItsAnchor() {
        // Given
        int at = 5;
        Map<ChainId, AuditEntry> before = new HashMap<>();

        // When
        List<AuditEntry> rewritten =
                with(
                        l -> {
                            l.set(at, edited(l.get(at), true));
                            before.put(l.get(at).chain(), l.get(at));
                            for (int i = at + 1; i < l.size(); i++) {
                                AuditEntry previous = before.get(l.get(i).chain());
                                if (previous != null) {
                                    ObjectNode json = WireJson.MAPPER.valueToTree(l.get(i));
                                    json.put("previous_hash", previous.hash());
                                    l.set(
                                            i,
                                            WireJson.MAPPER
                                                    .treeToValue(json, AuditEntry.class)
                                                    .hashed());
                                    before.put(l.get(i).chain(), l.get(i));
                                }
                            }
                        });

        // Then
        assertThat(rewritten).allMatch(AuditEntry::matchesItsHash);
        assertThat(breach(rewritten)).isEqualTo(Breach.EDITED);
    }

    @Test
    void aDeletionIsFoundWhereverItIs() {
        for (int i = 0; i < log.size(); i++) {
            int at = i;
            assertThat(breach(with(l -> l.remove(at))))
                    .as("without number %s", i)
                    .isIn(Breach.MISSING, Breach.CUT_AT_START, Breach.CUT_AT_END);
        }
    }

    @Test
    void aCutAtTheEndIsFoundHoweverShort() {
        for (int length = 1; length <= log.size(); length++) {
            int left = log.size() - length;
            assertThat(breach(with(l -> l.subList(left, l.size()).clear())))
                    .isIn(Breach.CUT_AT_END, Breach.CHAIN_MISSING);
        }
    }

    @Test
    void aCutAtTheBeginningIsFoundUnlessItIsOldEnough() {
        // Given
        List<AuditEntry> cut = with(l -> l.subList(0, 9).clear());

        // Then
        assertThat(breach(cut)).isEqualTo(Breach.CUT_AT_START);
        assertThat(breach(cut, anchors, log.get(8).timestamp())).isNull();
        assertThat(breach(cut, anchors, log.get(4).timestamp())).isEqualTo(Breach.CUT_AT_START);
    }

    @Test
    void allMayExpire() {
        assertThat(breach(List.of(), anchors, now)).isNull();
        assertThat(breach(List.of(), anchors, now.minusSeconds(1))).isEqualTo(Breach.CHAIN_MISSING);
    }

    @Test
    void movedEntriesAreFound() {
        int at = lastOf(first);
        assertThat(breach(with(l -> l.add(at - 2, l.remove(at))))).isEqualTo(Breach.REORDERED);
        assertThat(breach(with(l -> l.add(0, l.remove(at)))))
                .isIn(Breach.CUT_AT_START, Breach.MISSING, Breach.REPEATED);
    }

    @Test
    void onlyChainsOfOneWriterAreOrderedAmongEachOther() {
        // Given
        List<AuditEntry> oneAfterTheOther = new ArrayList<>();
        log.stream().filter(e -> e.chain().equals(second.id())).forEach(oneAfterTheOther::add);
        log.stream().filter(e -> e.chain().equals(first.id())).forEach(oneAfterTheOther::add);

        // Then
        assertThat(breach(oneAfterTheOther)).isNull();
    }

    @Test
    void aRepeatedEntryIsFound() {
        for (int i = 0; i < log.size(); i++) {
            int at = i;
            assertThat(breach(with(l -> l.add(l.get(at))))).isEqualTo(Breach.REPEATED);
        }
    }

    @Test
    void aForgedEntryIsFound() {
        // Given
        Chain own = new Chain(new ChainId("gateway-3~c.1"));
        AuditEntry alone = own.next(fact(AuditEvent.AUDIT_START));
        AuditEntry behind = first.next(fact(AuditEvent.API_KEY_USED));

        // Then
        assertThat(breach(with(l -> l.add(alone)))).isEqualTo(Breach.NOT_ANCHORED);
        assertThat(breach(with(l -> l.add(behind)))).isEqualTo(Breach.NOT_ANCHORED);
    }

    @Test
    void anAnchorMadeWithAnotherKeyIsFound() {
        // Given
        AuditAnchor last = anchors.getLast();
        AuditAnchor shorter =
                new AuditAnchor(
                        last.chain(),
                        last.count() - 1,
                        last.head(),
                        last.at(),
                        last.sealedKey(),
                        last.mac());
        AuditAnchor moved =
                new AuditAnchor(
                        first.id().equals(last.chain()) ? second.id() : first.id(),
                        last.count(),
                        last.head(),
                        last.at(),
                        last.sealedKey(),
                        last.mac());

        // Then
        for (AuditAnchor forged : List.of(shorter, moved)) {
            List<AuditAnchor> more = new ArrayList<>(anchors);
            more.add(forged);
            assertThat(breach(log, more, LONG_BEFORE)).isEqualTo(Breach.ANCHOR_FORGED);
        }
    }

    @Test
    void anOldAnchorWrittenAgainIsFound() {
        // Given
        AuditAnchor old =
                anchors.stream().filter(a -> a.chain().equals(first.id())).findFirst().get();
        List<AuditAnchor> more = new ArrayList<>(anchors);
        more.add(old);

        // Then
        assertThat(breach(log, more, LONG_BEFORE)).isEqualTo(Breach.ANCHOR_SET_BACK);
    }

    @Test
    void aChainThatIsGoneWithItsAnchorIsMissedByThoseThatCameAfterIt() {
        // Given
        Chain third = new Chain(new ChainId("gateway-1~d.1"));
        start(third);
        List<AuditEntry> without = log.stream().filter(e -> !e.chain().equals(first.id())).toList();
        List<AuditAnchor> anchorsWithout =
                anchors.stream().filter(a -> !a.chain().equals(first.id())).toList();

        // Then
        assertThat(breach(log)).isNull();
        assertThat(breach(without, anchorsWithout, LONG_BEFORE)).isEqualTo(Breach.CHAIN_MISSING);
    }

    @Test
    void aChainTakenBackWithItsAnchorIsMissedByThoseThatCameAfterIt() {
        // Given
        long countThen = first.count();
        write(first, BATCH);
        Chain third = new Chain(new ChainId("gateway-1~d.1"));
        start(third);

        // When
        List<AuditEntry> back =
                log.stream()
                        .filter(e -> !e.chain().equals(first.id()) || e.sequence() <= countThen)
                        .toList();
        List<AuditAnchor> anchorsBack =
                anchors.stream()
                        .filter(a -> !a.chain().equals(first.id()) || a.count() <= countThen)
                        .toList();

        // Then
        assertThat(breach(back, anchorsBack, LONG_BEFORE)).isEqualTo(Breach.ANCHOR_SET_BACK);
    }

    @Test
    void entriesWrittenWhileTheLogIsReadAreNoFinding() {
        // Given
        Anchors before = newest(anchors);
        write(first, BATCH);
        write(second, BATCH);

        // When
        ChainCheck check = new ChainCheck(before, LONG_BEFORE);
        log.subList(0, log.size() - BATCH).forEach(check::accept);
        ChainCheck.Result result = check.finish(newest(anchors));

        // Then
        assertThat(result.broken()).isNull();
    }

    @Test
    void anyRandomMixOfAttacksIsFound() {
        // Given
        long seed = 7;
        Random random = new Random(seed);

        for (int run = 0; run < 500; run++) {
            // When
            List<AuditEntry> attacked = new ArrayList<>(log);
            for (int attacks = 1 + random.nextInt(3); attacks > 0; attacks--) {
                attack(attacked, random);
            }

            // Then
            boolean isUnchanged = sameChains(attacked);
            assertThat(breach(attacked) == null)
                    .as("run %s of seed %s", run, seed)
                    .isEqualTo(isUnchanged);
        }
    }

    private static void attack(List<AuditEntry> entries, Random random) {
        int at = random.nextInt(entries.size());
        switch (random.nextInt(4)) {
            case 0 -> entries.set(at, edited(entries.get(at), random.nextBoolean()));
            case 1 -> entries.remove(at);
            case 2 -> entries.add(random.nextInt(entries.size()), entries.remove(at));
            default -> entries.add(at, entries.get(random.nextInt(entries.size())));
        }
    }

    /// Entries of different chains may change places; that is no attack.
    private boolean sameChains(List<AuditEntry> attacked) {
        return List.of(first.id(), second.id()).stream()
                .allMatch(
                        chain ->
                                attacked.stream()
                                        .filter(e -> e.chain().equals(chain))
                                        .toList()
                                        .equals(
                                                log.stream()
                                                        .filter(e -> e.chain().equals(chain))
                                                        .toList()));
    }
}
