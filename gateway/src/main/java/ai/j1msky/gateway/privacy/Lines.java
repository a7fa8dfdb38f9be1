package ai.j1msky.gateway.privacy;

import ai.j1msky.gateway.privacy.Archive.Line;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of lines that are few.
final class Lines implements Part {

    private @Nullable List<Line> left;

    Lines(List<Line> all) {
        this.left = all;
    }

    @Override
    public @Nullable List<Line> next() {
        List<Line> all = left;
        left = null;
        return all;
    }

    @Override
    public void close() {
        left = null;
    }
}
