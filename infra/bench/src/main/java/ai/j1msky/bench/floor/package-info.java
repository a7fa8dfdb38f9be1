/// The floor: the least that any HTTP service with a Redis bucket and a Kafka commit must do, done as fast as plain
/// Reactor Netty can. The product's rates are given as a ratio to it.
///
/// Owns no keys, sealing, validation or views; that difference is what the ratio shows.
@NullMarked
package ai.j1msky.bench.floor;

import org.jspecify.annotations.NullMarked;
