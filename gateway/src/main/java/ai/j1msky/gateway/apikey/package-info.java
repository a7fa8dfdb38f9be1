/// API keys as the gateway knows them: folded in memory, so that telling who calls costs no network.
@NullMarked
package ai.j1msky.gateway.apikey;

import org.jspecify.annotations.NullMarked;
