/// What a worker needs to know of a language model: one call, its answer, its failure.
///
/// Owns no wire format; each provider package does.
@NullMarked
package ai.j1msky.worker.model;

import org.jspecify.annotations.NullMarked;
