package ai.j1msky.infra.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/// Finds a `redis-server` that runs on this machine: the one carried by the embedded-redis artefact, else the one on
/// the PATH.
final class RedisBinary {

    private static final String NAME = "redis-server";
    private static final String NONE_RUNS =
            "No Redis runs here: the bundled one needs libssl3 and no redis-server is on the PATH"
                    + " (on Debian: apt-get install redis-server).";

    private RedisBinary() {}

    /// A binary that answered `--version`. The bundled one is unpacked into the directory the first time.
    ///
    /// @throws UsageException when neither runs
    /// @throws UncheckedIOException when the directory cannot be written
    static Path locate(Path directory) {
        return Stream.concat(bundled(directory).stream(), onPath())
                .filter(RedisBinary::runs)
                .findFirst()
                .orElseThrow(() -> new UsageException(NONE_RUNS));
    }

    private static Optional<Path> bundled(Path directory) {
        String resource =
                ExecutableProvider.newProvidedVersionsMap()
                        .get(OsArchitecture.detectOSandArchitecture());
        if (resource == null) {
            return Optional.empty();
        }
        Path target = directory.resolve(NAME);
        if (Files.notExists(target)) {
            unpack(resource, target);
        }
        return Optional.of(target);
    }

    private static void unpack(String resource, Path target) {
        String name = resource.startsWith("/") ? resource : "/" + resource;
        try (InputStream binary = ExecutableProvider.class.getResourceAsStream(name)) {
            if (binary == null) {
                throw new IllegalStateException("the embedded Redis lacks " + name);
            }
            Files.createDirectories(target.getParent());
            // Moved into place whole, so that a start that was cut short leaves no half binary.
            Path partial = Files.createTempFile(target.getParent(), NAME, ".partial");
            Files.copy(binary, partial, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack Redis into " + target.getParent(), e);
        }
    }

    private static Stream<Path> onPath() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(":", -1))
                .filter(directory -> !directory.isBlank())
                .map(directory -> Path.of(directory, NAME))
                .filter(Files::isExecutable);
    }

    private static boolean runs(Path binary) {
        try {
            Process version =
                    new ProcessBuilder(binary.toString(), "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return version.waitFor(5, TimeUnit.SECONDS) && version.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
