package ai.j1msky.notifier;

import ai.j1msky.common.id.AgentId;
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
/// @param erased the agents whose texts were deleted last; read by the threads that send, too
record Memory(
        Lives lives,
        DueQueue due,
        Map<WebhookId, WebhookState> states,
        Set<DeliveryId> recent,
        Set<AgentId> erased) {

    private static final int RECENT = 50_000;

    static Memory of(Lives lives) {
        return new Memory(
                lives,
                new DueQueue(),
                new ConcurrentHashMap<>(),
                newest(),
                Collections.synchronizedSet(newest()));
    }

    private static <T> Set<T> newest() {
        return Collections.newSetFromMap(
                new LinkedHashMap<>() {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<T, Boolean> eldest) {
                        return size() > RECENT;
                    }
                });
    }
}
