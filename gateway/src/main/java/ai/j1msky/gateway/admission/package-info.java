/// Decides whether one request may enter: who calls, from where, signed how, how often, and to which endpoint.
///
/// Owns the order of the checks and the table of endpoints; each check lives in its own package.
@NullMarked
package ai.j1msky.gateway.admission;

import org.jspecify.annotations.NullMarked;
