package ai.j1msky.gateway.view;

import java.util.concurrent.atomic.AtomicLong;

/// Tells whether Redis is at least as new as what this gateway has seen before.
///
/// Redis keeps the sum of the offsets up to which each partition of the log has been written into it. The sum only
/// grows; so a flushed Redis (no sum) and an old snapshot (a smaller sum) are both noticed by the next script, and
/// after a rebuild from the log the sum is back where it was. Thread-safe.
public final class Freshness {

    private final AtomicLong seen = new AtomicLong();
    private volatile boolean open;

    /// What a script compares with; scripts answer `stale` when Redis has less.
    String floor() {
        return Long.toString(seen.get());
    }

    /// The largest sum seen so far.
    public long seen() {
        return seen.get();
    }

    public void saw(long total) {
        seen.accumulateAndGet(total, Math::max);
    }

    /// Whether this gateway has caught up with the log since it started.
    public boolean isOpen() {
        return open;
    }

    public void open() {
        open = true;
    }

    /// A rebuild from the log ended here; it is the truth, whatever was seen before.
    public void rebuiltTo(long total) {
        seen.set(total);
        open = true;
    }
}
