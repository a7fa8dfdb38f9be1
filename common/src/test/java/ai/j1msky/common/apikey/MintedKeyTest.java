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
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MintedKeyTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir Path directory;
    private MintedKey minted;

    @BeforeEach
    void mintOne() throws IOException {
        Path file = directory.resolve("master.json");
        MasterKey.create(file);
        minted =
                MintedKey.mint(
                        AccountId.MAIN,
                        "Kitchen",
                        KeyEnvironment.LIVE,
                        Set.of(Scope.ADMIN, Scope.AGENTS_READ),
                        false,
                        MasterKey.load(file),
                        NOON,
                        new SecureRandom());
    }

    @Test
    void whatIsKeptHoldsNeitherSecret() {
        // When
        String kept = WireJson.MAPPER.writeValueAsString(minted.kept()) + minted.kept();

        // Then
        assertThat(kept)
                .doesNotContain(minted.text().reveal())
                .doesNotContain(minted.apiSecret())
                .contains(minted.text().sha256());
    }

    @Test
    void itsTextIsNotPrinted() {
        assertThat(minted).hasToString("MintedKey[" + minted.kept().keyId() + "]");
    }

    @Test
    void itIsUsableForNinetyDays() {
        ApiKey kept = minted.kept();

        assertThat(kept.isUsableAt(NOON.plus(Duration.ofDays(90)).minusMillis(1))).isTrue();
        assertThat(kept.isUsableAt(NOON.plus(Duration.ofDays(90)))).isFalse();
    }

    @Test
    void aRevokedKeyIsNotUsable() {
        // When
        ApiKey revoked = minted.kept().revokedAt(NOON);

        // Then
        assertThat(revoked.isUsableAt(NOON)).isFalse();
        assertThat(revoked.logKey()).isEqualTo(minted.kept().logKey());
    }

    @Test
    void itAllowsWhatItWasGivenInOneOrder() {
        assertThat(minted.kept().scopes()).containsExactly(Scope.AGENTS_READ, Scope.ADMIN);
        assertThat(minted.kept().allows(Scope.AGENTS_READ)).isTrue();
        assertThat(minted.kept().allows(Scope.AGENTS_WRITE)).isFalse();
    }
}
