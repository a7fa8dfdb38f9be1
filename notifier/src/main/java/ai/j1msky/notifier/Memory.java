package ai.j1msky.notifier;

import ai.j1msky.common.webhook.DeliveryId;
import ai.j1msky.common.webhook.WebhookId;
import ai.j1msky.common.webhook.WebhookState;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What the notifier that works keeps in memory; all of it is on the log.
///
/// @param states of the endpoints that something was sent to; read by the threads that send, too
/// @param recent the deliveries that were made last, so that a copy of a record makes none again
record Memory(
        Lives lives, DueQueue due, Map<WebhookId, WebhookState> states, Set<DeliveryId> recent) {

    private static final int RECENT = 50_000;

    static Memory of(Lives lives) {
        Set<DeliveryId> recent =
                Collections.newSetFromMap(
                        new LinkedHashMap<>() {
                            @Override
                            protected boolean removeEldestEntry(
                                    Map.Entry<DeliveryId, Boolean> eldest) {
                                return size() > RECENT;
                            }
                        });
        return new Memory(lives, new DueQueue(), new ConcurrentHashMap<>(), recent);
    }
}
