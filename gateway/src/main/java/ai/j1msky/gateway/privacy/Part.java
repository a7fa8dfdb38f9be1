package ai.j1msky.gateway.privacy;

import ai.j1msky.gateway.privacy.Archive.Line;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of an archive, read a few lines at a time: an account may have more than fits into memory. Blocking.
interface Part extends AutoCloseable {

    /// The lines that come next, maybe none yet; null at the end.
    @Nullable List<Line> next();

    @Override
    void close();
}
