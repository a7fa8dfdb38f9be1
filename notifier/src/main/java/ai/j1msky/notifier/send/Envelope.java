package ai.j1msky.notifier.send;

import ai.j1msky.common.webhook.WebhookSecret;
import java.net.URI;
import java.util.List;

/// What is sent, and where.
///
/// @param deliveryId the `webhook-id`
/// @param secrets that sign it, one or two
/// @param sequence the `webhook-sequence`
/// @param body the bytes, the same on every attempt
@SuppressWarnings("ArrayRecordComponent") // nobody compares envelopes
public record Envelope(
        String deliveryId, URI url, List<WebhookSecret> secrets, long sequence, byte[] body) {

    public Envelope {
        secrets = List.copyOf(secrets);
    }

    /// Not the body.
    @Override
    public String toString() {
        return "Envelope[" + deliveryId + "]";
    }
}
