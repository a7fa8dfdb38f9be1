package ai.j1msky.common.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.j1msky.common.id.AgentId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
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
    void anAddedKeyOpensBeforeItSealsAndSealsOnceItIsPromoted() throws IOException {
        // Given
        DataKey key = DataKey.mint();
        WrappedKey old = master.wrap(key, AGENT);

        // When
        MasterKey.addKey(file);
        MasterKey added = MasterKey.load(file);
        WrappedKey meanwhile = added.wrap(key, AGENT);
        MasterKey.promoteNewest(file);
        MasterKey promoted = MasterKey.load(file);
        WrappedKey now = promoted.wrap(key, AGENT);

        // Then
        assertThat(added.keys()).isEqualTo(2);
        assertThat(added.isCurrent(old)).isTrue();
        assertThat(promoted.isCurrent(old)).isFalse();
        assertThat(promoted.isCurrent(meanwhile)).isFalse();
        assertThat(promoted.isCurrent(now)).isTrue();
        for (WrappedKey each : new WrappedKey[] {old, meanwhile, now}) {
            assertThat(promoted.unwrap(each, AGENT).bytes()).isEqualTo(key.bytes());
        }
        assertThat(added.unwrap(now, AGENT).bytes()).isEqualTo(key.bytes());
        assertThatThrownBy(() -> master.unwrap(now, AGENT)).isInstanceOf(UnreadableException.class);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aServiceReadsTheFileAgainWhenItHasChanged() throws Exception {
        // Given
        MasterKey service = MasterKey.find(null, file.toString());
        WrappedKey old = service.wrap(DataKey.mint(), AGENT);

        // When
        MasterKey.addKey(file);
        MasterKey.promoteNewest(file);

        // Then
        awaitOutdated(service, old);
        assertThat(service.unwrap(old, AGENT)).isNotNull();
    }

    @Test
    void aFileThatIsSpoiltMeanwhileDisturbsNobodyAndIsReadOnceItIsWhole() throws Exception {
        // Given
        MasterKey service = MasterKey.find(null, file.toString());
        WrappedKey old = service.wrap(DataKey.mint(), AGENT);
        String whole = Files.readString(file);

        // When
        Files.writeString(file, whole.substring(0, whole.length() / 2));
        Thread.sleep(MasterKey.LOOKS_EVERY.toMillis() + 500);
        assertThat(service.unwrap(old, AGENT)).isNotNull();
        Files.writeString(file, whole);
        MasterKey.addKey(file);
        MasterKey.promoteNewest(file);

        // Then
        awaitOutdated(service, old);
        assertThat(service.unwrap(old, AGENT)).isNotNull();
    }

    private static void awaitOutdated(MasterKey service, WrappedKey old)
            throws InterruptedException {
        long giveUp = System.nanoTime() + 30_000_000_000L;
        while (service.isCurrent(old) && System.nanoTime() < giveUp) {
            Thread.sleep(50);
        }
        assertThat(service.isCurrent(old)).isFalse();
    }

    @Test
    void aKeysetMayComeAsText() throws IOException {
        // Given
        WrappedKey wrapped = master.wrap(DataKey.mint(), AGENT);

        // When
        MasterKey given = MasterKey.find(Files.readString(file), "/nowhere");

        // Then
        assertThat(given.unwrap(wrapped, AGENT)).isNotNull();
    }

    @Test
    void whereThereIsNoneASentenceSaysWhatToDo() {
        assertThatThrownBy(() -> MasterKey.find("", directory.resolve("none").toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("J1MSKY_MASTER_KEYSET")
                .hasMessageContaining("none");
    }

    @Test
    void whatTheHouseSaysIsSignedForAnybodyWhoHasItsPublicKey() throws Exception {
        // Given
        HouseSignature house = master.signature();

        // When
        String signature = house.of("Grüße\n1");

        // Then
        // RFC 8410: an X.509 key of Ed25519 is a fixed head and the 32 bytes.
        byte[] head = HexFormat.of().parseHex("302a300506032b6570032100");
        byte[] raw = Base64.getUrlDecoder().decode(house.publicKey());
        byte[] encoded = ByteBuffer.allocate(44).put(head).put(raw).array();
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(
                KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        check.update("Grüße\n1".getBytes(StandardCharsets.UTF_8));
        assertThat(check.verify(Base64.getUrlDecoder().decode(signature))).isTrue();
        assertThat(MasterKey.load(file).signature().publicKey()).isEqualTo(house.publicKey());
    }

    @Test
    void nothingSecretIsPrinted() {
        assertThat(master).hasToString("MasterKey[redacted]");
    }
}
