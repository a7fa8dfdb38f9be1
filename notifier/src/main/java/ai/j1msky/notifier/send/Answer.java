package ai.j1msky.notifier.send;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an endpoint answered.
public sealed interface Answer {

    /// Any 2xx.
    record Accepted(int status) implements Answer {}

    /// 410: it wants no more.
    record Gone() implements Answer {}

    /// Any other status, redirects too.
    ///
    /// @param retryAfter as it asked (RFC 9110, 10.2.3), at most a day; or null
    record Refused(int status, @Nullable Duration retryAfter) implements Answer {}

    /// None.
    ///
    /// @param reason in a word: `not_allowed`, `unknown_host`, `timeout`, `connect`, `tls` or `broken`
    record Unreachable(String reason) implements Answer {}
}
