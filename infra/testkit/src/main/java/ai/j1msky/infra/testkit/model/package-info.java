/// A model provider of our own for tests: real HTTP, both real wires, every fault a provider can show.
///
/// Knows nothing of the product; it is steered by the prompts that reach it.
@NullMarked
package ai.j1msky.infra.testkit.model;

import org.jspecify.annotations.NullMarked;
