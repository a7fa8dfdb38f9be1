package ai.j1msky.worker.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.log.EntryType;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.topic.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;

/// Events that wait for the log, one file each, in a directory that only its owner can read.
///
///     file = type LF json  ; the entry's type name, the entry as on its topic
///
/// Results in it are sealed already. A file appears whole or not at all.
final class Spool {

    private static final String WAITING = ".event";
    private static final String UNREADABLE = ".unreadable";

    private final Path directory;

    /// Makes the directory when it is missing and removes what a crash left half-written.
    Spool(Path directory) throws IOException {
        this.directory = directory;
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        try (DirectoryStream<Path> halves = Files.newDirectoryStream(directory, "*.tmp")) {
            for (Path half : halves) {
                Files.delete(half);
            }
        }
    }

    /// Keeps an event; when this returns, it outlives a power cut.
    Path keep(AgentEvent event) throws IOException {
        String name = "%013d-%s".formatted(event.at().toEpochMilli(), UUID.randomUUID());
        Path half = directory.resolve(name + ".tmp");
        Path whole = directory.resolve(name + WAITING);
        String text = typeOf(event).name() + "\n" + WireJson.MAPPER.writeValueAsString(event);
        try (FileChannel channel =
                FileChannel.open(
                        half,
                        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException failed) {
            Files.deleteIfExists(half);
            throw failed;
        }
        Files.move(half, whole, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
        return whole;
    }

    /// The files that wait, oldest first.
    List<Path> waiting() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*" + WAITING)) {
            found.forEach(files::add);
        }
        Collections.sort(files);
        return files;
    }

    /// The event of a file; empty when it is gone or cannot be read, in which case it is set aside.
    Optional<AgentEvent> read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
        int end = text.indexOf('\n');
        for (EntryType<? extends AgentEvent> type : Topics.AGENT_EVENTS.types()) {
            if (end > 0 && type.name().equals(text.substring(0, end))) {
                try {
                    return Optional.of(
                            WireJson.MAPPER.readValue(text.substring(end + 1), type.body()));
                } catch (JacksonException malformed) {
                    break;
                }
            }
        }
        Files.move(file, file.resolveSibling(file.getFileName() + UNREADABLE));
        return Optional.empty();
    }

    void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    private static EntryType<? extends AgentEvent> typeOf(AgentEvent event) {
        return Topics.AGENT_EVENTS.types().stream()
                .filter(type -> type.body() == event.getClass())
                .findFirst()
                .orElseThrow();
    }
}
