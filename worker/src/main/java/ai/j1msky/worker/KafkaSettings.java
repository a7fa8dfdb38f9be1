package ai.j1msky.worker;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where Kafka is.
///
/// @param bootstrapServers `host:port[,host:port…]` (`SPRING_KAFKA_BOOTSTRAP_SERVERS`)
@ConfigurationProperties("spring.kafka")
record KafkaSettings(@DefaultValue("127.0.0.1:9092") String bootstrapServers) {}
