/// Which provider runs which model, and at what price.
///
/// Owns no wire format and no credentials; it only knows who has them.
@NullMarked
package ai.j1msky.worker.provider;

import org.jspecify.annotations.NullMarked;
