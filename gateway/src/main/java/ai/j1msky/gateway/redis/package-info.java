/// The gateway's one connection to Redis and the scripts that run over it.
///
/// Knows no key and no script's meaning: those are with the features that use them.
@NullMarked
package ai.j1msky.gateway.redis;

import org.jspecify.annotations.NullMarked;
