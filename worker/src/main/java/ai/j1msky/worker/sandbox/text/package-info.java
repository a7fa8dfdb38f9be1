/// Reads English text and Markdown: paragraphs, sentences, their rank, keywords, counts.
///
/// Everything here is linear in its input or works on a bounded part of it.
@NullMarked
package ai.j1msky.worker.sandbox.text;

import org.jspecify.annotations.NullMarked;
