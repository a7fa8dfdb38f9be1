/// Reads delimited text (CSV, TSV) into a table and describes its columns.
@NullMarked
package ai.j1msky.worker.sandbox.table;

import org.jspecify.annotations.NullMarked;
