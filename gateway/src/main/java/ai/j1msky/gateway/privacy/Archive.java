package ai.j1msky.gateway.privacy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/// A ZIP archive of text files that is made piece by piece, as it is read. Blocking; for one thread at a time.
final class Archive implements AutoCloseable {

    private static final int PIECE = 64 * 1024;

    private final Stream<Line> source;
    private final Iterator<Line> lines;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(piece);
    private @Nullable String file;
    private boolean isFinished;

    /// One line of a file; those of a file come one after the other.
    record Line(String file, String text) {}

    /// @param source its own from now on; read as pieces are asked for
    Archive(Stream<Line> source) {
        this.source = source;
        this.lines = source.iterator();
    }

    /// The next piece; empty at the end.
    Optional<byte[]> next() {
        try {
            while (piece.size() < PIECE && lines.hasNext()) {
                append(lines.next());
            }
            if (!lines.hasNext() && !isFinished) {
                zip.finish();
                isFinished = true;
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory refused a write", impossible);
        }
        byte[] bytes = piece.toByteArray();
        piece.reset();
        return bytes.length == 0 ? Optional.empty() : Optional.of(bytes);
    }

    private void append(Line line) throws IOException {
        if (!line.file.equals(file)) {
            zip.putNextEntry(new ZipEntry(line.file));
            file = line.file;
        }
        zip.write((line.text + "\n").getBytes(StandardCharsets.UTF_8));
        // What the compressor holds back would come in one piece at the end.
        zip.flush();
    }

    @Override
    public void close() {
        source.close();
    }
}
