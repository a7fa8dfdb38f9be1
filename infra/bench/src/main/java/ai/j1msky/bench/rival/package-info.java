/// What one would otherwise put in front of a service: Spring Cloud Gateway with its own limiter.
///
/// Configured as its documentation shows, with nothing added and nothing left on that slows it down.
@NullMarked
package ai.j1msky.bench.rival;

import org.jspecify.annotations.NullMarked;
