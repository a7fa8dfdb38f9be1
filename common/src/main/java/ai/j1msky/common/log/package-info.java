/// The log: which topics exist, what may travel on each, and how a record is written and read.
///
/// Does not own what the messages mean; each feature's package declares its own.
@NullMarked
package ai.j1msky.common.log;

import org.jspecify.annotations.NullMarked;
