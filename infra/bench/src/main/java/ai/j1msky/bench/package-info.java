/// Measures the product beside a floor in the same run, and says which of its targets it meets.
@NullMarked
package ai.j1msky.bench;

import org.jspecify.annotations.NullMarked;
