package ai.j1msky.gateway.projection;

import ai.j1msky.common.id.AgentId;
import ai.j1msky.gateway.view.Freshness;
import ai.j1msky.gateway.view.ViewWriter;
import ai.j1msky.gateway.view.ViewWriter.Marks;
import ai.j1msky.gateway.view.ViewWriter.Progress;
import ai.j1msky.gateway.view.ViewWriter.Written;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The views in Redis as their owner sees them: the right to write them, and how far the log is in them. Used by the
/// projection's thread only, but for [#isOwner].
final class OwnedViews {

    private static final Logger log = LoggerFactory.getLogger(OwnedViews.class);
    private static final Duration OWNER_CHECK = Duration.ofSeconds(1);
    private static final long NOT_WRITTEN = -1;

    private final ViewWriter writer;
    private final ViewRows rows;
    private final Freshness freshness;
    private final LiveAgents agents;
    private final Clock clock;

    /// What Redis says it has, per partition, as this gateway last wrote or read it; empty when that is not known.
    private final Map<TopicPartition, Long> marks = new HashMap<>();

    private volatile boolean owner;

    /// When the ownership was last taken or renewed, as [System#nanoTime].
    private volatile long renewed;

    /// Whether requests may be answered from what Redis has while it is being brought up to date.
    private boolean answering;

    private long nextCheck;

    OwnedViews(
            ViewWriter writer, ViewRows rows, Freshness freshness, LiveAgents agents, Clock clock) {
        this.writer = writer;
        this.rows = rows;
        this.freshness = freshness;
        this.agents = agents;
        this.clock = clock;
    }

    boolean isOwner() {
        return owner;
    }

    /// Whether it is the owner as far as Redis can know: an ownership that Redis would not renew has lapsed there,
    /// though nobody could tell.
    boolean isOwnerForSure() {
        return owner && System.nanoTime() - renewed < ViewWriter.OWNERSHIP.toNanos();
    }

    /// Whether the owner does not know where Redis is and must ask before it writes again.
    boolean isLost() {
        return owner && marks.isEmpty();
    }

    /// Takes, renews or misses the ownership, once a second. True when this gateway has just become the owner.
    /// Without Redis nothing changes: whoever owns it cannot write either.
    boolean claim() {
        if (System.nanoTime() < nextCheck) {
            return false;
        }
        nextCheck = System.nanoTime() + OWNER_CHECK.toNanos();
        boolean before = owner;
        long asked = System.nanoTime();
        try {
            owner = writer.becomeOwner();
            renewed = asked;
            if (owner && !marks.isEmpty() && !redisIsWhatItWas()) {
                log.atWarn().log("redis was flushed or is older than it was; rebuilding its views");
                marks.clear();
            }
        } catch (RedisException away) {
            return false;
        }
        return owner && !before;
    }

    void resign() {
        if (owner) {
            writer.resign();
        }
    }

    /// Forgets where Redis is: it did not answer.
    void lose() {
        marks.clear();
    }

    /// How far the log is in Redis. Requests go on being answered when Redis is complete and has all that this gateway
    /// had seen of it before.
    Marks marks() {
        long seenBefore = freshness.seen();
        Marks there = writer.marks();
        answering = there.total() > 0 && there.total() >= seenBefore;
        return there;
    }

    /// Where to read the log from so that Redis misses nothing: an offset, or nothing for the beginning.
    ///
    /// @param ends of the log, read after the marks
    Map<TopicPartition, Optional<Long>> resume(Marks there, Map<TopicPartition, Long> ends) {
        marks.clear();
        Map<TopicPartition, Optional<Long>> from = new HashMap<>();
        ends.forEach(
                (partition, end) -> {
                    Long mark = there.offsets().get(partition.toString());
                    marks.put(partition, mark == null ? NOT_WRITTEN : mark);
                    if (mark != null && mark <= end) {
                        from.put(partition, Optional.of(mark));
                    } else {
                        // Never written, or the log lost its end: Redis cannot be right.
                        answering = false;
                        from.put(partition, Optional.empty());
                    }
                });
        return from;
    }

    /// Writes what a batch changed, with how far the log has been read in it.
    ///
    /// @param read the offsets up to which partitions have now been read
    /// @param forgotten whether Redis may have forgotten what the spawns in it took of their limits
    /// @param through whether Redis has with this all that the log had when reading began
    /// @return the agents of the batch that had ended before; empty when nothing was written
    Optional<List<String>> write(
            Batch batch, Map<TopicPartition, Long> read, boolean forgotten, boolean through) {
        if (batch.isEmpty() && read.isEmpty()) {
            return Optional.empty();
        }
        List<Progress> progress =
                read.entrySet().stream()
                        .map(entry -> progress(entry.getKey(), entry.getValue()))
                        .toList();
        try {
            Written written =
                    writer.write(
                            rows.agents(batch, clock.instant(), forgotten),
                            ViewRows.dataKeys(batch),
                            ViewRows.figures(batch),
                            progress,
                            answering || through);
            settle(written, read, through);
            return written instanceof Written.Done done
                    ? Optional.of(done.endedBefore())
                    : Optional.empty();
        } catch (RedisException away) {
            if (away instanceof RedisCommandExecutionException refused) {
                // Not away: a script of ours is wrong, or Redis is full.
                log.atError().addKeyValue("cause", refused.getMessage()).log("views not written");
            }
            // What was folded stays in memory; the views are written again from where Redis is.
            marks.clear();
            return Optional.empty();
        }
    }

    private Progress progress(TopicPartition partition, long next) {
        long mark = marks.getOrDefault(partition, NOT_WRITTEN);
        return new Progress(partition.toString(), mark == NOT_WRITTEN ? null : mark, next);
    }

    private void settle(Written written, Map<TopicPartition, Long> read, boolean through) {
        switch (written) {
            case Written.Done(List<String> endedBefore, long total) -> {
                endedBefore.forEach(id -> agents.drop(new AgentId(id)));
                marks.putAll(read);
                if (through && !answering) {
                    answering = true;
                    freshness.rebuiltTo(total);
                } else {
                    freshness.saw(total);
                }
            }
            case Written.Fenced() -> {
                owner = false;
                marks.clear();
            }
            case Written.Stale() -> marks.clear();
        }
    }

    private boolean redisIsWhatItWas() {
        Map<String, Long> now = writer.marks().offsets();
        return marks.entrySet().stream()
                .allMatch(
                        mark ->
                                mark.getValue()
                                        .equals(
                                                now.getOrDefault(
                                                        mark.getKey().toString(), NOT_WRITTEN)));
    }
}
