package ai.j1msky.gateway.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.id.KeyId;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SecretIndexTest {

    private static final KeyId KEY = new KeyId("key_a");
    private static final int ROUNDS = 200_000;

    private final SecretIndex index = new SecretIndex();

    @Test
    void aSecretThatAKeyKeepsIsFoundAtEveryMoment() {
        // Given
        index.set(KEY, List.of(secret("kept")));
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Boolean> missed =
                CompletableFuture.supplyAsync(
                        () -> {
                            boolean everMissed = false;
                            while (!done.get()) {
                                everMissed |= index.find("kept").isEmpty();
                            }
                            return everMissed;
                        });

        // When
        for (int i = 0; i < ROUNDS; i++) {
            index.set(KEY, List.of(secret("kept"), secret("new")));
        }
        done.set(true);

        // Then
        assertThat(missed.join()).isFalse();
    }

    @Test
    void aSecretThatAKeyLostIsNoLongerFoundAndOthersAre() {
        // Given
        KeyId other = new KeyId("key_b");
        index.set(other, List.of(secret("other")));
        index.set(KEY, List.of(secret("old"), secret("kept")));

        // When
        index.set(KEY, List.of(secret("kept")));

        // Then
        assertThat(index.find("old")).isEmpty();
        assertThat(index.find("kept")).contains(KEY);
        assertThat(index.find("other")).contains(other);
    }

    private static ApiKey.Secret secret(String sha256) {
        return new ApiKey.Secret(sha256, "dev_sk_", "0000", Instant.EPOCH, null, null, null, null);
    }
}
