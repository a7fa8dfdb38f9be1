/// The gateway: the REST edge of the agency. Authenticates, admits, writes commands to the log and answers from views.
@NullMarked
package ai.j1msky.gateway;

import org.jspecify.annotations.NullMarked;
