/// Evaluates arithmetic that strangers wrote, within fixed bounds of time and memory.
@NullMarked
package ai.j1msky.worker.sandbox.arithmetic;

import org.jspecify.annotations.NullMarked;
