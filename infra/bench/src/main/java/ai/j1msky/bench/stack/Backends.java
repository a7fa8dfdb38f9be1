package ai.j1msky.bench.stack;

/// The Kafka and the Redis that the product and the floor share, both on loopback.
///
/// @param kafkaBootstrap for example `127.0.0.1:9092`
public record Backends(String kafkaBootstrap, int redisPort) {}
