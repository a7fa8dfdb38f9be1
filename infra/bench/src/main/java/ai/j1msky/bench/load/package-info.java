/// Puts HTTP/1.1 load on one server at little cost in CPU, and counts honestly what came back.
///
/// Knows nothing of the product: it sends bytes that others encoded and reads status lines and body ends.
@NullMarked
package ai.j1msky.bench.load;

import org.jspecify.annotations.NullMarked;
