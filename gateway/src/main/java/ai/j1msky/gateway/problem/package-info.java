/// Every error a client can see, in the one documented envelope.
@NullMarked
package ai.j1msky.gateway.problem;

import org.jspecify.annotations.NullMarked;
