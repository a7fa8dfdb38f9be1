/// Checks signed requests: that the signature belongs to the request, that it is fresh, and that it was not used before.
///
/// Does not tell whose key it is; the package `apikey` does. How a request is signed stands in `common`.
@NullMarked
package ai.j1msky.gateway.signing;

import org.jspecify.annotations.NullMarked;
