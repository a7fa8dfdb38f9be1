/// Which topics exist and what may travel on each.
///
/// Stands above the features whose entries it names, so that none of them depends on the others; how a record is
/// written and read is in the package `log`.
@NullMarked
package ai.j1msky.common.topic;

import org.jspecify.annotations.NullMarked;
