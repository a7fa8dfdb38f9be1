package ai.j1msky.common.webhook;

import ai.j1msky.common.id.PrefixedText;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names what is sent to one endpoint about one thing that happened, for example `msg_3f…`: the `webhook-id` of Standard
/// Webhooks, the same on every attempt.
public record DeliveryId(@JsonValue String value) {

    private static final String PREFIX = "msg_";
    private static final int BYTES = 15;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public DeliveryId {
        PrefixedText.require(PREFIX, value);
    }

    /// @param what names the thing that happened; the same thing always has the same name
    public static DeliveryId of(WebhookId webhook, String what) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest((webhook + "\n" + what).getBytes(StandardCharsets.UTF_8));
            return new DeliveryId(PREFIX + HexFormat.of().formatHex(hash, 0, BYTES));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
