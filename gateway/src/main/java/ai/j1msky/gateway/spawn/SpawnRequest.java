package ai.j1msky.gateway.spawn;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.agent.Priority;
import ai.j1msky.common.agent.Privacy;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.config.ModelConfig;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.gateway.request.Fields;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The body of `POST /api/spawn`.
///
/// @param task the text in clear; it leaves this process only sealed
/// @param privacy what is to happen with its texts, or null
record SpawnRequest(
        ModelConfig model,
        String task,
        Priority priority,
        int timeoutSeconds,
        @Nullable Privacy privacy) {

    static final int LONGEST_TASK = 100_000;
    private static final int LONGEST_TIMEOUT = 3_600;
    private static final int STANDARD_TIMEOUT = 300;

    static SpawnRequest read(Fields fields, AgencyConfig config) {
        String model = fields.oneOf("model", config.models().keySet());
        String task = fields.text("task", 1, LONGEST_TASK);
        String priority =
                fields.oneOf(
                        "priority",
                        Arrays.stream(Priority.values()).map(Priority::wireName).toList(),
                        Priority.NORMAL.wireName());
        int timeout = fields.whole("timeout", 1, LONGEST_TIMEOUT, STANDARD_TIMEOUT);
        Privacy privacy = PrivacyFields.read(fields, config.retention());
        fields.nothingElse();
        return new SpawnRequest(
                requireNonNull(config.models().get(model)),
                task,
                Priority.find(priority).orElseThrow(),
                timeout,
                privacy);
    }

    /// What the model costs at that time; nothing on the sandbox.
    Price price(boolean livemode, Instant at) {
        return livemode ? model.prices().at(at) : Price.FREE;
    }

    /// The most this agent can cost at that price.
    Money hold(Price price) {
        return model.holdFor(task, price);
    }

    /// The request in one text, the same for equal requests.
    String canonical() {
        return model.alias()
                + "\n"
                + priority.wireName()
                + "\n"
                + timeoutSeconds
                + "\n"
                + PrivacyFields.canonical(privacy)
                + task;
    }

    @Override
    public String toString() {
        return "SpawnRequest[" + model.alias() + ", " + task.length() + " characters]";
    }
}
