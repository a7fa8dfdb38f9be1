package ai.j1msky.gateway.download;

import java.util.Optional;

/// A file that is made piece by piece, as it is read. Blocking; for one thread at a time.
public interface PieceSource extends AutoCloseable {

    /// The next piece; empty at the end of the file. Whatever it throws, the file is not whole then.
    Optional<byte[]> next();

    @Override
    void close();
}
