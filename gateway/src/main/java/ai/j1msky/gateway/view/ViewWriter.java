package ai.j1msky.gateway.view;

import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.redis.RedisLink;
import ai.j1msky.gateway.redis.RedisScript;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Writes the projection: what the log says, set into Redis together with how far the log has been read. Blocks; used
/// by the projection's own thread only.
///
/// Only the owner writes; another gateway takes over when it stops renewing its ownership.
public final class ViewWriter {

    /// How long an owner may be silent.
    public static final Duration OWNERSHIP = Duration.ofSeconds(5);

    private static final RedisScript OWN = RedisScript.of("own");
    private static final RedisScript APPLY = RedisScript.of("buckets", "money", "apply");
    private static final int CHUNK = 200;
    private static final String MARK = "w:";

    private final RedisLink store;
    private final String token;

    /// @param token names this gateway's life; unique
    public ViewWriter(RedisLink store, String token) {
        this.store = store;
        this.token = token;
    }

    /// What became of a write.
    public sealed interface Written {

        /// Done. The agents named had ended before, so what was written of them was ignored.
        ///
        /// @param total the sum that [Freshness] compares with; 0 while a rebuild is under way
        record Done(List<String> endedBefore, long total) implements Written {}

        /// Another gateway owns the projection now.
        record Fenced() implements Written {}

        /// Redis is not what it was: flushed, or an older snapshot.
        record Stale() implements Written {}
    }

    /// How far each partition has been written, `topic:partition` to offset; empty after a flush.
    ///
    /// @param total their sum, which [Freshness] compares with; 0 while a rebuild is under way
    public record Marks(Map<String, Long> offsets, long total) {}

    /// One partition's progress.
    ///
    /// @param expected what Redis must say now, or null when that does not matter
    public record Progress(
            String partition, @org.jspecify.annotations.Nullable Long expected, long next) {}

    public boolean becomeOwner() {
        return await(
                        store.commands()
                                .<Long>eval(
                                        OWN.text(),
                                        io.lettuce.core.ScriptOutputType.INTEGER,
                                        new String[] {RedisKeys.OWNER},
                                        token,
                                        Long.toString(OWNERSHIP.toMillis())))
                == 1;
    }

    /// Lets another gateway take over at once.
    public void resign() {
        String owner = await(store.commands().get(RedisKeys.OWNER));
        if (token.equals(owner)) {
            await(store.commands().del(RedisKeys.OWNER));
        }
    }

    public Marks marks() {
        Map<String, String> meta = await(store.commands().hgetall(RedisKeys.META));
        Map<String, Long> offsets =
                meta.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(MARK))
                        .collect(
                                java.util.stream.Collectors.toMap(
                                        entry -> entry.getKey().substring(MARK.length()),
                                        entry -> Long.parseLong(entry.getValue())));
        return new Marks(offsets, Long.parseLong(meta.getOrDefault("total", "0")));
    }

    /// Writes changes in steps, and the progress with the last of them: a crash in between repeats what is harmless.
    ///
    /// @param rows one per agent, in the order that `apply.lua` documents
    /// @param keys account, agent id and wrapped key of each data key
    /// @param figures hash, field, value and how far, each a balance or a usage
    /// @param complete false while a rebuild is under way, so that nobody reads half of it
    public Written write(
            List<List<String>> rows,
            List<List<String>> keys,
            List<List<String>> figures,
            List<Progress> progress,
            boolean complete) {
        List<String> endedBefore = new ArrayList<>();
        for (int from = 0; ; from += CHUNK) {
            int start = from;
            int most = from + CHUNK;
            boolean last = Stream.of(rows, keys, figures).allMatch(all -> all.size() <= most);
            List<Object> answer =
                    apply(
                            Stream.of(rows, keys, figures).map(all -> chunk(all, start)).toList(),
                            last ? progress : List.of(),
                            complete);
            switch ((String) answer.getFirst()) {
                case "fenced" -> {
                    return new Written.Fenced();
                }
                case "stale" -> {
                    return new Written.Stale();
                }
                default ->
                        answer.stream().skip(2).map(String.class::cast).forEach(endedBefore::add);
            }
            if (last) {
                return new Written.Done(endedBefore, Long.parseLong((String) answer.get(1)));
            }
        }
    }

    private static List<List<String>> chunk(List<List<String>> all, int from) {
        return all.subList(Math.min(from, all.size()), Math.min(from + CHUNK, all.size()));
    }

    private List<Object> apply(
            List<List<List<String>>> kinds, List<Progress> progress, boolean complete) {
        List<String> arguments = new ArrayList<>();
        arguments.add(token);
        arguments.add(complete ? "1" : "0");
        for (List<List<String>> rows : kinds) {
            arguments.add(Integer.toString(rows.size()));
            rows.forEach(arguments::addAll);
        }
        arguments.add(Integer.toString(progress.size()));
        for (Progress each : progress) {
            arguments.add(MARK + each.partition());
            arguments.add(each.expected() == null ? "" : each.expected().toString());
            arguments.add(Long.toString(each.next()));
        }
        String[] scriptKeys = {RedisKeys.META, RedisKeys.OWNER, RedisKeys.ACCOUNTS};
        return await(store.run(APPLY, scriptKeys, arguments.toArray(String[]::new)));
    }

    /// Waits for Redis; its own command timeout ends the wait.
    static <T> T await(CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException | CompletionException failed) {
            if (failed.getCause() instanceof RedisException away) {
                throw away;
            }
            throw new RedisException(failed.getCause());
        } catch (TimeoutException slow) {
            throw new RedisException(slow);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RedisException(interrupted);
        }
    }
}
