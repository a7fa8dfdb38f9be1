package ai.j1msky.gateway.privacy;

import ai.j1msky.gateway.download.PieceSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/// A ZIP archive of text files that is made piece by piece, as it is read.
final class Archive implements PieceSource {

    private static final int PIECE = 64 * 1024;

    private final Deque<Supplier<Part>> left;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(piece);
    private @Nullable Part reading;
    private @Nullable String file;
    private boolean isFinished;

    /// One line of a file; those of a file come one after the other.
    record Line(String file, String text) {}

    /// @param parts each is opened when the one before has been read
    Archive(List<Supplier<Part>> parts) {
        this.left = new ArrayDeque<>(parts);
    }

    @Override
    public Optional<byte[]> next() {
        try {
            while (piece.size() < PIECE && !isFinished) {
                step();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory refused a write", impossible);
        }
        byte[] bytes = piece.toByteArray();
        piece.reset();
        return bytes.length == 0 ? Optional.empty() : Optional.of(bytes);
    }

    private void step() throws IOException {
        if (reading == null) {
            if (left.isEmpty()) {
                zip.finish();
                isFinished = true;
                return;
            }
            reading = left.remove().get();
        }
        List<Line> lines = reading.next();
        if (lines == null) {
            close();
            return;
        }
        for (Line line : lines) {
            if (!line.file.equals(file)) {
                zip.putNextEntry(new ZipEntry(line.file));
                file = line.file;
            }
            zip.write((line.text + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /// Closes what is being read.
    @Override
    public void close() {
        Part part = reading;
        reading = null;
        if (part != null) {
            part.close();
        }
    }
}
