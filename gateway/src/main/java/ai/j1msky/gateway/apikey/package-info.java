/// API keys as the gateway knows them: folded in memory, so that telling who calls costs no network. And what happens to
/// them beside requests.
///
/// Owns no endpoint; those are in the package `keyadmin`.
@NullMarked
package ai.j1msky.gateway.apikey;

import org.jspecify.annotations.NullMarked;
