package ai.j1msky.infra.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A part of a page under `docs/` that is generated from code, between two marker lines. A test says what it must be;
/// with `-Dwrite.docs=true` the part is written instead.
///
///     <!-- generated: NAME -->
///     …
///     <!-- end: NAME -->
public final class GeneratedPart {

    private GeneratedPart() {}

    /// @param page a file name under `docs/`
    /// @throws AssertionError when the page does not say it
    public static void verify(String page, String name, String text) {
        Path file = docs().resolve(page);
        try {
            String before = Files.readString(file);
            String after = replaced(before, name, text);
            if (after.equals(before)) {
                return;
            }
            if (!Boolean.getBoolean("write.docs")) {
                throw new AssertionError(
                        "docs/%s differs from the code in the part '%s'; run this test with -Dwrite.docs=true"
                                .formatted(page, name));
            }
            Files.writeString(file, after);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + file, e);
        }
    }

    static String replaced(String page, String name, String text) {
        String begin = "<!-- generated: " + name + " -->\n";
        int from = page.indexOf(begin);
        int to = page.indexOf("<!-- end: " + name + " -->\n");
        if (from < 0 || to < from) {
            throw new AssertionError("the page has no part '" + name + "'");
        }
        return page.substring(0, from + begin.length()) + text + page.substring(to);
    }

    /// The checkout's `docs`, from any module's directory.
    private static Path docs() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null) {
            if (Files.isDirectory(directory.resolve("docs/adr"))) {
                return directory.resolve("docs");
            }
            directory = directory.getParent();
        }
        throw new IllegalStateException("no checkout around the working directory");
    }
}
