package ai.j1msky.infra.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeyFileTest {

    @TempDir private Path data;

    private MasterKeyFile master;

    @BeforeEach
    void createTheFirst() {
        master = new MasterKeyFile(data);
        assertThat(master.ensure()).isTrue();
    }

    @Test
    void theKeyThatSealedTheDataIsTaken() {
        assertThat(master.ensure()).isFalse();
    }

    @Test
    void aMissingKeyIsNeverReplacedWhereThereAreData() throws IOException {
        // Given
        Files.delete(master.path());

        // When
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(master::ensure)

                // Then
                .withMessageContaining("put it back from your backup");
        assertThat(master.path()).doesNotExist();
    }

    @Test
    void aMissingKeyIsNotReplacedBesideDataOfAnOlderVersionEither() throws IOException {
        // Given
        Files.delete(master.path());
        Files.delete(data.resolve("kafka/master-key-check"));
        Files.createFile(data.resolve("kafka/meta.properties"));

        // When
        assertThatExceptionOfType(UsageException.class).isThrownBy(master::ensure);

        // Then
        assertThat(master.path()).doesNotExist();
    }

    @Test
    void theKeyOfOtherDataIsRefused(@TempDir Path elsewhere) throws IOException {
        // Given
        MasterKeyFile other = new MasterKeyFile(elsewhere);
        other.ensure();
        Files.writeString(master.path(), Files.readString(other.path()));

        // When
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(master::ensure)

                // Then
                .withMessageContaining("is not the one that sealed the data");
    }

    @Test
    void aRotatedKeyIsStillThatOfTheData() {
        // Given
        String sealed = master.load().sealSecret("text", "place");

        // When
        master.addKey();
        master.promote();

        // Then
        assertThat(master.ensure()).isFalse();
        assertThat(master.load().keys()).isEqualTo(2);
        assertThat(master.load().openSecret(sealed, "place")).isEqualTo("text");
    }

    @Test
    void theCheckHoldsNothingOfTheKey() throws IOException {
        // When
        String check = Files.readString(data.resolve("kafka/master-key-check")).strip();

        // Then
        String keyset = Files.readString(master.path());
        String secret = keyset.replaceAll("(?s).*\"value\": *\"([^\"]+)\".*", "$1");
        assertThat(secret).hasSizeGreaterThan(30).isNotEqualTo(keyset);
        assertThat(check).startsWith("1.").doesNotContain(secret);
    }
}
