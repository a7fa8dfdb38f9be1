/// What a bench has found: rows with their targets, as a table for people and as JSON for machines.
@NullMarked
package ai.j1msky.bench.report;

import org.jspecify.annotations.NullMarked;
