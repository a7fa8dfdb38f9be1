/// What tests of several modules need: a real Kafka and Redis, and a proxy that breaks connections on purpose.
///
/// Owns nothing of the product; never on the class path of a service.
@NullMarked
package ai.j1msky.infra.testkit;

import org.jspecify.annotations.NullMarked;
