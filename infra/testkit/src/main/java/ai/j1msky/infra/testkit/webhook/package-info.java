/// An endpoint of webhooks that keeps what it was sent, and misbehaves when its path says so.
@NullMarked
package ai.j1msky.infra.testkit.webhook;

import org.jspecify.annotations.NullMarked;
