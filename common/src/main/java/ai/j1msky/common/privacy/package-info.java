/// What accounts want to happen with what is known of them.
@NullMarked
package ai.j1msky.common.privacy;

import org.jspecify.annotations.NullMarked;
