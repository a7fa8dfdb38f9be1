package ai.j1msky.common.webhook;

import ai.j1msky.common.id.PrefixedText;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.random.RandomGenerator;

/// Names one endpoint of an account, for example `wh_9h2k…`.
public record WebhookId(@JsonValue String value) {

    private static final String PREFIX = "wh_";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public WebhookId {
        PrefixedText.require(PREFIX, value);
    }

    public static WebhookId mint(RandomGenerator random) {
        return new WebhookId(PREFIX + PrefixedText.random(20, random));
    }

    @Override
    public String toString() {
        return value;
    }
}
