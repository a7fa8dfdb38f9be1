package ai.j1msky.gateway.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.j1msky.gateway.privacy.Archive.Line;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ArchiveTest {

    private static final int LINES = 2_000;

    /// Lines that cannot be compressed, read one by one, and how many were.
    private static class Counted implements Part {
        private final String file;
        private final Random random = new Random(7);
        private int read;
        private boolean isClosed;

        Counted(String file) {
            this.file = file;
        }

        @Override
        public @Nullable List<Line> next() {
            if (read == LINES) {
                return null;
            }
            byte[] noise = new byte[1_000];
            random.nextBytes(noise);
            read++;
            return List.of(new Line(file, Base64.getEncoder().encodeToString(noise)));
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    @Test
    void noMoreIsReadThanThePieceThatIsAskedFor() {
        // Given
        Counted first = new Counted("first");
        List<Counted> opened = new ArrayList<>();
        Archive archive =
                new Archive(
                        List.of(
                                () -> first,
                                () -> {
                                    opened.add(new Counted("second"));
                                    return opened.getFirst();
                                }));

        // When
        Optional<byte[]> piece = archive.next();

        // Then
        assertThat(piece.orElseThrow().length).isBetween(64 * 1024, 80 * 1024);
        assertThat(first.read).isLessThan(LINES / 10);
        assertThat(opened).isEmpty();
        archive.close();
        assertThat(first.isClosed).isTrue();
    }

    @Test
    void theFilesAreWholeAndEachPartIsClosed() throws IOException {
        // Given
        Counted one = new Counted("one");
        Counted two = new Counted("two");
        Archive archive = new Archive(List.of(() -> one, () -> new Lines(List.of()), () -> two));

        // When
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (Optional<byte[]> piece = archive.next(); piece.isPresent(); piece = archive.next()) {
            whole.writeBytes(piece.get());
        }

        // Then
        assertThat(one.isClosed && two.isClosed).isTrue();
        List<String> files = new ArrayList<>();
        try (ZipInputStream zip =
                new ZipInputStream(new ByteArrayInputStream(whole.toByteArray()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.add(entry.getName());
                assertThat(new String(zip.readAllBytes(), StandardCharsets.UTF_8).lines())
                        .hasSize(LINES);
            }
        }
        assertThat(files).containsExactly("one", "two");
    }

    @Test
    void whatCannotBeReadIsToldAndClosed() {
        // Given
        Counted failing =
                new Counted("failing") {
                    @Override
                    public List<Line> next() {
                        throw new IllegalStateException("away");
                    }
                };
        Archive archive = new Archive(List.of(() -> failing));

        // When / Then
        assertThatIllegalStateException().isThrownBy(archive::next);
        archive.close();
        assertThat(failing.isClosed).isTrue();
    }
}
