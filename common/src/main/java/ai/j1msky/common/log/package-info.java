/// The log: what a topic is, and how a record is written and read.
///
/// Does not own what the messages mean: each feature's package declares its own, and `topic` says where they travel.
@NullMarked
package ai.j1msky.common.log;

import org.jspecify.annotations.NullMarked;
