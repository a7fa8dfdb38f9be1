package ai.j1msky.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A directory of one run, removed with all that is in it.
public record ScratchDirectory(Path path) implements AutoCloseable {

    /// A new one under the system's directory for temporary files.
    ///
    /// @throws UncheckedIOException when it cannot be written
    public static ScratchDirectory create() {
        try {
            return new ScratchDirectory(Files.createTempDirectory("j1msky-bench"));
        } catch (IOException unwritable) {
            throw new UncheckedIOException("no directory for temporary files", unwritable);
        }
    }

    @Override
    public void close() throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> tree = Files.walk(path)) {
            deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path entry : deepestFirst) {
            Files.deleteIfExists(entry);
        }
    }
}
