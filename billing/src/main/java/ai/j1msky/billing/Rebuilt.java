package ai.j1msky.billing;

/// Books and totals as they were when the last transaction was committed.
record Rebuilt(Books books, Totals totals) {}
