package ai.j1msky.common.apikey;

import ai.j1msky.common.apikey.ApiKey.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Joins two entries of one key. Gateways write without knowing of each other's writes, and the registry keeps the
/// last one: taken as it is, it would take back what was written in between, a revocation above all.
///
/// What only ever happens once (revoked, first used, ends) keeps its earliest time; texts of both are kept, two live
/// ones at most; of two requests with one `Idempotency-Key`, and of two creations of one key, the first on the log
/// stands. What ended a while ago is dropped, measured by when the entries were written, so that all who fold the same
/// records come to the same entry.
public final class KeyMerge {

    private static final int MOST_LIVE = 2;

    /// Longer than any write can be under way.
    private static final Duration ENDED_KEPT = Duration.ofHours(1);

    private static final int MOST_SECRETS = 10;
    private static final int MOST_REQUESTS = 100;

    private static final Comparator<Secret> BY_AGE =
            Comparator.comparing(Secret::created).thenComparing(Secret::sha256);

    private KeyMerge() {}

    /// @param known what the records before made of it
    /// @param read the next record
    public static ApiKey join(ApiKey known, ApiKey read) {
        if (!known.created().equals(read.created())) {
            return known;
        }
        Instant at = later(known.at(), read.at());
        Map<String, KeyRequest> requests = new HashMap<>();
        Set<String> lost = new HashSet<>();
        for (KeyRequest request : concat(known.requests(), read.requests())) {
            if (!request.isKeptAt(at)) {
                continue;
            }
            KeyRequest first = requests.putIfAbsent(request.key(), request);
            if (first != null && !first.secret().equals(request.secret())) {
                lost.add(request.secret());
            }
        }
        Map<String, Secret> secrets = new HashMap<>();
        for (Secret secret : concat(known.secrets(), read.secrets())) {
            if (!lost.contains(secret.sha256())) {
                secrets.merge(secret.sha256(), secret, KeyMerge::join);
            }
        }
        ApiKey joined =
                read.with(
                        List.copyOf(secrets.values()),
                        read.apiSecret(),
                        later(known.expires(), read.expires()),
                        earliest(known.revoked(), read.revoked()),
                        List.copyOf(requests.values()),
                        at);
        return tidied(joined);
    }

    /// Whether two entries say the same, whenever they were written.
    public static boolean same(ApiKey one, ApiKey other) {
        return one.writtenAt(other.at()).equals(other);
    }

    static List<KeyRequest> append(List<KeyRequest> requests, KeyRequest request) {
        return kept(concat(requests, List.of(request)), request.at());
    }

    /// The entry in its one form: in order, within its bounds, with the newest text's signing secret.
    static ApiKey tidied(ApiKey key) {
        List<Secret> secrets = key.secrets().stream().sorted(BY_AGE).toList();
        ApiKey ordered = withSecrets(key, secrets);
        Instant newest = secrets.getLast().created();
        for (List<Secret> live = ordered.live(newest);
                live.size() > MOST_LIVE;
                live = ordered.live(newest)) {
            Secret victim = superfluous(live);
            ordered =
                    withSecrets(
                            ordered,
                            ordered.secrets().stream()
                                    .map(s -> s.equals(victim) ? s.endingAt(newest) : s)
                                    .toList());
        }
        return ordered.with(
                kept(ordered),
                newestApiSecret(ordered),
                ordered.expires(),
                ordered.revoked(),
                kept(ordered.requests(), ordered.at()),
                ordered.at());
    }

    /// Which of several live texts goes when there is one too many: one that was made by a rotation and never used,
    /// since its text may be lost and the older one is still needed; else the oldest. Never the newest.
    static Secret superfluous(List<Secret> live) {
        for (int i = live.size() - 2; i > 0; i--) {
            if (live.get(i).firstUsed() == null) {
                return live.get(i);
            }
        }
        return live.getFirst();
    }

    private static ApiKey withSecrets(ApiKey key, List<Secret> secrets) {
        return key.with(
                secrets, key.apiSecret(), key.expires(), key.revoked(), key.requests(), key.at());
    }

    private static String newestApiSecret(ApiKey key) {
        String own = key.secrets().getLast().apiSecret();
        return own == null ? key.apiSecret() : own;
    }

    private static List<Secret> kept(ApiKey key) {
        Instant since = key.at().minus(ENDED_KEPT);
        Secret newest = key.secrets().getLast();
        List<Secret> kept = new ArrayList<>(key.secrets());
        kept.removeIf(s -> !s.equals(newest) && !key.endOf(s).isAfter(since));
        for (int i = 0; kept.size() > MOST_SECRETS && i < kept.size(); ) {
            Secret oldest = kept.get(i);
            if (oldest.equals(newest) || key.endOf(oldest).isAfter(key.at())) {
                i++;
            } else {
                kept.remove(i);
            }
        }
        return kept;
    }

    private static List<KeyRequest> kept(List<KeyRequest> requests, Instant at) {
        List<KeyRequest> kept =
                requests.stream()
                        .filter(request -> request.isKeptAt(at))
                        .sorted(Comparator.comparing(KeyRequest::at).thenComparing(KeyRequest::key))
                        .toList();
        return kept.subList(Math.max(0, kept.size() - MOST_REQUESTS), kept.size());
    }

    private static Secret join(Secret one, Secret other) {
        Secret base = one.apiSecret() == null ? other : one;
        return base.firstUsedAt(earliest(one.firstUsed(), other.firstUsed()))
                .endingAt(earliest(one.ends(), other.ends()));
    }

    private static @Nullable Instant earliest(@Nullable Instant one, @Nullable Instant other) {
        return one == null ? other : ApiKey.earlier(one, other);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static <E> List<E> concat(List<E> one, List<E> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }
}
