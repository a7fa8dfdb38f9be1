/// Where accounts say which endpoints are told what happens to their agents. Sends nothing itself: the notifier does.
@NullMarked
package ai.j1msky.gateway.webhook;

import org.jspecify.annotations.NullMarked;
