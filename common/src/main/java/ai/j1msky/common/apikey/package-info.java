/// API keys: their text, their checksum, what is kept of them.
///
/// Does not decide who may do what; the gateway's admission does.
@NullMarked
package ai.j1msky.common.apikey;

import org.jspecify.annotations.NullMarked;
