package ai.j1msky.common.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.j1msky.common.id.AgentId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeyTest {

    private static final AgentId AGENT = new AgentId("subagent_1234567890_482915730164");
    private static final AgentId OTHER = new AgentId("subagent_1234567890_482915730165");

    @TempDir Path directory;
    private Path file;
    private MasterKey master;

    @BeforeEach
    void createOne() throws IOException {
        file = directory.resolve("master.json");
        MasterKey.create(file);
        master = MasterKey.load(file);
    }

    @Test
    void aWrappedKeyIsUnwrappedByTheSameMaster() throws IOException {
        // Given
        DataKey key = DataKey.mint();

        // When
        DataKey unwrapped = MasterKey.load(file).unwrap(master.wrap(key, AGENT), AGENT);

        // Then
        assertThat(unwrapped.bytes()).isEqualTo(key.bytes());
    }

    @Test
    void aWrappedKeyCannotBeGivenToAnotherAgent() {
        // Given
        WrappedKey wrapped = master.wrap(DataKey.mint(), AGENT);

        // When / Then
        assertThatThrownBy(() -> master.unwrap(wrapped, OTHER))
                .isInstanceOf(UnreadableException.class);
    }

    @Test
    void anotherMasterDoesNotUnwrapIt() throws IOException {
        // Given
        Path elsewhere = directory.resolve("other.json");
        MasterKey.create(elsewhere);
        WrappedKey wrapped = MasterKey.load(elsewhere).wrap(DataKey.mint(), AGENT);

        // When / Then
        assertThatThrownBy(() -> master.unwrap(wrapped, AGENT))
                .isInstanceOf(UnreadableException.class);
    }

    @Test
    void aSealedSecretIsNoDataKey() {
        // Given
        WrappedKey secret = new WrappedKey(master.sealSecret("0123456789", "data-key\n" + AGENT));

        // When / Then
        assertThatThrownBy(() -> master.unwrap(secret, AGENT))
                .isInstanceOf(UnreadableException.class);
    }

    @Test
    void aTruncatedKeyIsUnreadable() {
        // Given
        String wrapped = master.wrap(DataKey.mint(), AGENT).value();

        for (int length = 2; length < wrapped.length(); length++) {
            // When
            WrappedKey cut = new WrappedKey(wrapped.substring(0, length));

            // Then
            assertThatThrownBy(() -> master.unwrap(cut, AGENT))
                    .isInstanceOf(UnreadableException.class);
        }
    }

    @Test
    void onlyTheOwnerMayReadTheFile() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aMasterKeyIsNeverOverwritten() throws IOException {
        // Given
        String before = Files.readString(file);

        // When / Then
        assertThatThrownBy(() -> MasterKey.create(file))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    @Test
    void aFileWithoutAKeysetIsRefusedByName() throws IOException {
        // Given
        Path wrong = Files.writeString(directory.resolve("wrong.json"), "{}");

        // When / Then
        assertThatThrownBy(() -> MasterKey.load(wrong))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("wrong.json");
    }

    @Test
    void nothingSecretIsPrinted() {
        assertThat(master).hasToString("MasterKey[redacted]");
    }
}
