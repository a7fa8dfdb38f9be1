/// The built-in model without weights, for `dev_sk_` keys: honest, deterministic and free of cost.
///
/// Owns the magic inputs, the token count and the limits of a call; what it can really do lives in `skill`.
@NullMarked
package ai.j1msky.worker.sandbox;

import org.jspecify.annotations.NullMarked;
