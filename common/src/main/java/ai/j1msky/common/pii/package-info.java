/// Finds personal data and secrets in texts.
@NullMarked
package ai.j1msky.common.pii;

import org.jspecify.annotations.NullMarked;
