package ai.j1msky.gateway.spawn;

import ai.j1msky.common.agent.Privacy;
import ai.j1msky.common.pii.PiiFinder;
import ai.j1msky.gateway.request.Fields;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// The object `privacy` of a spawn's body.
final class PrivacyFields {

    private static final String RETENTION = "retention_days";

    private PrivacyFields() {}

    /// @param longest how long any agent can be read
    /// @return null when nothing was said
    static @Nullable Privacy read(Fields body, Duration longest) {
        return body.object("privacy").map(fields -> read(longest, fields)).orElse(null);
    }

    private static Privacy read(Duration longest, Fields fields) {
        Privacy standard = Privacy.STANDARD;
        int days = (int) longest.toDays();
        Privacy privacy =
                new Privacy(
                        fields.flag("detect_pii", standard.detectPii()),
                        fields.flag("mask_pii_in_logs", standard.maskPiiInLogs()),
                        fields.flag("encrypt_output", standard.encryptOutput()),
                        fields.has(RETENTION) ? fields.whole(RETENTION, 1, days, days) : null,
                        null);
        fields.nothingElse();
        return privacy;
    }

    /// What is known of it once the task was looked at, if that was asked for; not on the event loop.
    static Mono<Optional<Privacy>> looked(@Nullable Privacy privacy, String task) {
        if (privacy == null || !privacy.detectPii()) {
            return Mono.just(Optional.ofNullable(privacy));
        }
        return Mono.fromCallable(() -> Optional.of(privacy.finding(PiiFinder.count(task))))
                .subscribeOn(Schedulers.boundedElastic());
    }

    /// For the text in which a request is compared with another; nothing when nothing was said.
    static String canonical(@Nullable Privacy privacy) {
        return privacy == null ? "" : privacy + "\n";
    }
}
