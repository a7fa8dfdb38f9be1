/// Text that only the holders of an agent's data key can read, and the master key that wraps data keys.
@NullMarked
package ai.j1msky.common.seal;

import org.jspecify.annotations.NullMarked;
