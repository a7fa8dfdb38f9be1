/// Identifiers as types: each has a visible prefix or a strict alphabet, is parsed once at the edge and prints the
/// same text everywhere.
@NullMarked
package ai.j1msky.common.id;

import org.jspecify.annotations.NullMarked;
