/// Webhooks: where an account wants to be told what happens to its agents, what is to be sent there, and how that went.
@NullMarked
package ai.j1msky.common.webhook;

import org.jspecify.annotations.NullMarked;
