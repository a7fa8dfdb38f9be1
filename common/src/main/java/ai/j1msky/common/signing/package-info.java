/// How a request is signed, for those who sign and for those who check.
///
/// Does not know which requests must be signed, nor which were seen before; the gateway does.
@NullMarked
package ai.j1msky.common.signing;

import org.jspecify.annotations.NullMarked;
