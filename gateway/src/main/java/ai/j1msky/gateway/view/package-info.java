/// Redis as the gateway uses it: scripts, and whether what they see is as new as what was seen before.
@NullMarked
package ai.j1msky.gateway.view;

import org.jspecify.annotations.NullMarked;
