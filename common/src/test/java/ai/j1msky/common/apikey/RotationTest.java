package ai.j1msky.common.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.seal.MasterKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// The life of a key's texts, and what becomes of entries that were written at once.
class RotationTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir static Path directory;
    private static MasterKey master;

    @BeforeAll
    static void makeMasterKey() throws IOException {
        Path file = directory.resolve("master.json");
        MasterKey.create(file);
        master = MasterKey.load(file);
    }

    @Test
    void theOldTextIsGoodUntilADayAfterTheNewOneIsFirstUsed() {
        // Given
        MintedKey first = mint();
        MintedKey second = rotate(first.kept(), 24, NOON.plus(HOUR));
        Instant used = NOON.plus(Duration.ofDays(7));

        // When
        ApiKey key = second.kept().firstUsed(second.text().sha256(), used, used);

        // Then
        assertThat(isGood(second.kept(), first, used.plus(Duration.ofDays(30)))).isTrue();
        assertThat(isGood(key, first, used.plus(Duration.ofHours(24)).minusMillis(1))).isTrue();
        assertThat(isGood(key, first, used.plus(Duration.ofHours(24)))).isFalse();
        assertThat(isGood(key, second, used.plus(Duration.ofHours(24)))).isTrue();
        assertThat(key.keyId()).isEqualTo(first.kept().keyId());
        assertThat(key.expires()).isEqualTo(NOON.plus(HOUR).plus(MintedKey.LIFETIME));
    }

    @Test
    void anOldTextNeverOutlivesItsOwnNinetyDays() {
        // Given
        MintedKey first = mint();
        Instant end = NOON.plus(MintedKey.LIFETIME);

        // When
        MintedKey second = rotate(first.kept(), 168, end.minus(HOUR));

        // Then
        assertThat(isGood(second.kept(), first, end.minusMillis(1))).isTrue();
        assertThat(isGood(second.kept(), first, end)).isFalse();
        assertThat(isGood(second.kept(), second, end)).isTrue();
    }

    @Test
    void withoutGraceTheOldTextEndsAtOnce() {
        // Given
        MintedKey first = mint();

        // When
        MintedKey second = rotate(first.kept(), 0, NOON.plus(HOUR));

        // Then
        assertThat(isGood(second.kept(), first, NOON.plus(HOUR))).isFalse();
        assertThat(isGood(second.kept(), second, NOON.plus(HOUR))).isTrue();
        assertThat(awaits(second.kept(), second, NOON.plus(HOUR))).isFalse();
    }

    @Test
    void anotherRotationReplacesATextThatWasNeverUsed() {
        // Given
        MintedKey first = mint();
        MintedKey lost = rotate(first.kept(), 24, NOON.plusSeconds(1));

        // When
        MintedKey third = rotate(lost.kept(), 24, NOON.plusSeconds(2));
        ApiKey used =
                third.kept().firstUsed(third.text().sha256(), NOON.plus(HOUR), NOON.plus(HOUR));

        // Then
        Instant now = NOON.plusSeconds(3);
        assertThat(third.kept().live(now)).hasSize(2);
        assertThat(isGood(third.kept(), first, now)).isTrue();
        assertThat(isGood(third.kept(), lost, now)).isFalse();
        assertThat(isGood(used, first, NOON.plus(Duration.ofHours(25)))).isFalse();
    }

    @Test
    void anotherRotationEndsTheOldestOfTwoTextsInUse() {
        // Given
        MintedKey first = mint();
        MintedKey second = rotate(first.kept(), 24, NOON.plusSeconds(1));
        ApiKey used =
                second.kept()
                        .firstUsed(
                                second.text().sha256(), NOON.plusSeconds(2), NOON.plusSeconds(2));

        // When
        MintedKey third = rotate(used, 24, NOON.plusSeconds(3));

        // Then
        Instant now = NOON.plusSeconds(4);
        assertThat(third.kept().live(now)).hasSize(2);
        assertThat(isGood(third.kept(), first, now)).isFalse();
        assertThat(isGood(third.kept(), second, now)).isTrue();
    }

    @Test
    void everyTextHasItsOwnSigningSecret() {
        // Given
        MintedKey first = mint();

        // When
        MintedKey second = rotate(first.kept(), 24, NOON.plusSeconds(1));

        // Then
        assertThat(openedBy(second.kept(), first)).isEqualTo(first.apiSecret());
        assertThat(openedBy(second.kept(), second)).isEqualTo(second.apiSecret());
        assertThat(first.apiSecret()).isNotEqualTo(second.apiSecret());
        assertThat(WireJson.MAPPER.writeValueAsString(second.kept()))
                .doesNotContain(
                        first.apiSecret(),
                        second.apiSecret(),
                        first.text().reveal(),
                        second.text().reveal());
    }

    @Test
    void anEntryFromBeforeThereWereRotationsIsReadAndRotated() {
        // Given
        MintedKey minted = mint();
        ObjectNode old = WireJson.MAPPER.valueToTree(minted.kept());
        old.put(
                "api_secret",
                master.sealSecret(minted.apiSecret(), "api-secret\n" + minted.kept().keyId()));
        old.remove("requests");
        ((ObjectNode) old.get("secrets").get(0)).remove("api_secret");

        // When
        ApiKey key = WireJson.MAPPER.treeToValue(old, ApiKey.class);
        MintedKey second = rotate(key, 24, NOON.plus(HOUR));

        // Then
        assertThat(openedBy(key, minted)).isEqualTo(minted.apiSecret());
        assertThat(openedBy(second.kept(), minted)).isEqualTo(minted.apiSecret());
        assertThat(isGood(second.kept(), minted, NOON.plus(HOUR))).isTrue();
    }

    @Test
    void whatOneWriterDidIsNotTakenBackByAnotherWhoDidNotKnow() {
        // Given
        MintedKey first = mint();
        ApiKey revoked = first.kept().revokedAt(NOON.plusSeconds(1));
        MintedKey second = rotate(first.kept(), 24, NOON.plusSeconds(2));

        // When
        ApiKey joined = KeyMerge.join(revoked, second.kept());

        // Then
        assertThat(joined.revoked()).isEqualTo(NOON.plusSeconds(1));
        assertThat(joined.live(NOON.plusSeconds(3))).isEmpty();
        assertThat(KeyMerge.same(joined, second.kept())).isFalse();
        assertThat(KeyMerge.join(joined, joined.writtenAt(NOON.plusSeconds(9))))
                .matches(again -> KeyMerge.same(again, joined));
    }

    @Test
    void oneChangeAfterTheOtherIsJoinedToTheLast() {
        // Given
        MintedKey first = mint();
        MintedKey second = rotate(first.kept(), 24, NOON.plusSeconds(1));
        Instant later = NOON.plus(Duration.ofDays(3));
        ApiKey used = second.kept().firstUsed(second.text().sha256(), later, later);
        MintedKey third = rotate(used, 1, later.plus(Duration.ofDays(3)));
        ApiKey revoked = third.kept().revokedAt(later.plus(Duration.ofDays(4)));
        List<ApiKey> log = List.of(first.kept(), second.kept(), used, third.kept(), revoked);

        for (int i = 1; i < log.size(); i++) {
            // When
            ApiKey joined = KeyMerge.join(log.get(i - 1), log.get(i));

            // Then
            assertThat(joined).as("step %d", i).isEqualTo(log.get(i));
        }
    }

    @Test
    void theEarlierOfTwoFirstUsesStands() {
        // Given
        MintedKey second = rotate(mint().kept(), 24, NOON.plusSeconds(1));
        String text = second.text().sha256();
        ApiKey early = second.kept().firstUsed(text, NOON.plusSeconds(5), NOON.plusSeconds(7));
        ApiKey late = second.kept().firstUsed(text, NOON.plusSeconds(6), NOON.plusSeconds(6));

        // When
        ApiKey joined = KeyMerge.join(late, early);

        // Then
        assertThat(joined.secrets().getLast().firstUsed()).isEqualTo(NOON.plusSeconds(5));
        assertThat(KeyMerge.join(early, late)).isEqualTo(joined);
    }

    @Test
    void ofManyRotationsAtOnceTwoTextsRemain() {
        // Given
        ApiKey base = mint().kept();
        ApiKey joined = base;

        // When
        for (int i = 1; i <= 20; i++) {
            joined = KeyMerge.join(joined, rotate(base, 24, NOON.plusMillis(i)).kept());
        }

        // Then
        assertThat(joined.live(NOON.plusSeconds(1))).hasSize(2);
        assertThat(joined.secrets()).hasSizeLessThanOrEqualTo(10);
        assertThat(joined.live(NOON.plusSeconds(1)).getFirst())
                .isEqualTo(joined.secrets().getFirst());
    }

    @Test
    void ofTwoRequestsWithOneIdempotencyKeyTheFirstOnTheLogStands() {
        // Given
        ApiKey base = mint().kept();
        MintedKey one = rotate(base, 24, NOON.plusSeconds(2)).askedFor("key", "request");
        MintedKey other = rotate(base, 24, NOON.plusSeconds(1)).askedFor("key", "request");

        // When
        ApiKey joined = KeyMerge.join(one.kept(), other.kept());

        // Then
        assertThat(isGood(joined, one, NOON.plusSeconds(3))).isTrue();
        assertThat(isGood(joined, other, NOON.plusSeconds(3))).isFalse();
        assertThat(joined.requests()).isEqualTo(one.kept().requests());
    }

    @Test
    void aDayLaterTheSameIdempotencyKeyIsAnotherRequest() {
        // Given
        ApiKey base = mint().kept();
        MintedKey one = rotate(base, 24, NOON.plusSeconds(1)).askedFor("key", "request");
        Instant tomorrow = NOON.plus(Duration.ofHours(25));
        MintedKey two = rotate(one.kept(), 24, tomorrow).askedFor("key", "request");

        // When
        ApiKey joined = KeyMerge.join(one.kept(), two.kept());

        // Then
        assertThat(isGood(joined, two, tomorrow)).isTrue();
        assertThat(joined.requests()).isEqualTo(two.kept().requests());
    }

    @Test
    void ofTwoCreationsOfOneKeyTheFirstOnTheLogStands() {
        // Given
        MintedKey one = mint();
        NewKey wish = new NewKey(AccountId.MAIN, "n", KeyEnvironment.DEV, Set.of(), false);
        MintedKey other =
                MintedKey.mint(wish, one.kept().keyId(), master, NOON.plusNanos(1_000), RANDOM);

        // When
        ApiKey joined = KeyMerge.join(one.kept(), other.kept());

        // Then
        assertThat(joined).isEqualTo(one.kept());
    }

    private static MintedKey mint() {
        return MintedKey.mint(
                AccountId.MAIN,
                "Kitchen",
                KeyEnvironment.LIVE,
                Set.of(Scope.ADMIN),
                false,
                master,
                NOON,
                RANDOM);
    }

    private static MintedKey rotate(ApiKey key, int graceHours, Instant now) {
        return MintedKey.rotate(key, graceHours, master, now, RANDOM);
    }

    private static boolean isGood(ApiKey key, MintedKey text, Instant now) {
        return key.opening(text.text().sha256(), now).isPresent();
    }

    private static boolean awaits(ApiKey key, MintedKey text, Instant now) {
        return key.awaitsFirstUse(key.secret(text.text().sha256()).orElseThrow(), now);
    }

    private static String openedBy(ApiKey key, MintedKey text) {
        return key.openApiSecret(key.secret(text.text().sha256()).orElseThrow(), master);
    }
}
