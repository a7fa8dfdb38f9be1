/// How often what may be called: token buckets in Redis, taken in the same script call as what the request is for.
///
/// Knows neither who calls nor what for: [RequestTokens] is told.
@NullMarked
package ai.j1msky.gateway.limit;

import org.jspecify.annotations.NullMarked;
