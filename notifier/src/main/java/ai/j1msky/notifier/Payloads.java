package ai.j1msky.notifier;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentResult;
import ai.j1msky.common.agent.Outcome;
import ai.j1msky.common.agent.SpawnCommand;
import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.EntryCodec;
import ai.j1msky.common.log.RecordReader;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.seal.DataKey;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.SealedText;
import ai.j1msky.common.seal.UnreadableException;
import ai.j1msky.common.topic.Topics;
import ai.j1msky.common.webhook.DeliveryId;
import ai.j1msky.common.webhook.Webhook;
import ai.j1msky.common.webhook.WebhookDelivery;
import ai.j1msky.common.webhook.WebhookEvent;
import ai.j1msky.common.webhook.WebhookId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What endpoints are sent: `{event, timestamp, data}`. Of an agent `data` has what `GET /api/agent/{agent_id}` says under
/// the same names. Blocks where a task is to be read from the log.
final class Payloads {

    /// A record takes two megabytes, and sealing adds a third; a result that would make a body larger is left out, and
    /// `result_too_large` says so. A task is a hundred thousand characters at most, which JSON writes in six times as many
    /// bytes at worst.
    static final int LARGEST_BODY = 1_400_000;

    private final MasterKey master;
    private final RecordReader records;

    Payloads(MasterKey master, RecordReader records) {
        this.master = master;
        this.records = records;
    }

    /// Opens what is sent about an agent, and seals it for each delivery.
    record Open(DataKey key, AgentId agent, String text) {
        SealedText sealed(DeliveryId delivery) {
            return key.seal(agent, WebhookDelivery.bodyField(delivery), text);
        }
    }

    /// What is sent of an occurrence; empty when its texts cannot be read any more.
    ///
    /// @throws KafkaException when the log does not answer in time
    Optional<Open> of(Occurrence happened) {
        AgentOrder order = happened.order();
        AgentId agent = order.agentId();
        try {
            DataKey key = master.unwrap(happened.key(), agent);
            String task =
                    records.read(
                                    new EntryCodec<>(Topics.spawnNamed(happened.task().topic())),
                                    happened.task())
                            .map(
                                    command ->
                                            key.open(
                                                    agent, SpawnCommand.TASK_FIELD, command.task()))
                            .orElse(null);
            return Optional.of(new Open(key, agent, agent(happened, task, result(happened, key))));
        } catch (UnreadableException gone) {
            return Optional.empty();
        }
    }

    /// Null also when its owner wants it to be read through the API alone.
    private static @Nullable String result(Occurrence happened, DataKey key) {
        SealedText sealed = happened.result();
        if (sealed == null || happened.order().privacyOrStandard().encryptOutput()) {
            return null;
        }
        String json = key.open(happened.order().agentId(), AgentEvent.RESULT_FIELD, sealed);
        return WireJson.MAPPER.readValue(json, AgentResult.class).text();
    }

    private static String agent(
            Occurrence happened, @Nullable String task, @Nullable String result) {
        String whole = agent(happened, task, result, false);
        return result == null || whole.getBytes(StandardCharsets.UTF_8).length <= LARGEST_BODY
                ? whole
                : agent(happened, task, null, true);
    }

    private static String agent(
            Occurrence happened, @Nullable String task, @Nullable String result, boolean tooLarge) {
        AgentOrder order = happened.order();
        Outcome outcome = happened.state().outcome();
        boolean isStart = happened.event() == WebhookEvent.AGENT_STARTED;
        Instant at = isStart || outcome == null ? happened.state().started() : outcome.at();
        ObjectNode body = event(happened.event(), at == null ? happened.taken() : at);
        ObjectNode data = body.putObject("data");
        data.put("agent_id", order.agentId().value());
        data.put("model", order.team() == null ? order.model() : order.team().models().getFirst());
        data.put("task", task);
        data.put("result", result);
        if (tooLarge) {
            data.put("result_too_large", true);
        }
        if (isStart) {
            data.put("cost", Money.ZERO.dollars());
        } else {
            data.put("cost", happened.state().cost().dollars());
            if (happened.event() == WebhookEvent.AGENT_CANCELLED) {
                data.put("refund", order.hold().minus(happened.state().cost()).dollars());
            }
            if (outcome != null && outcome.error() != null) {
                ObjectNode error = data.putObject("error");
                error.put("code", outcome.error().code());
                error.put("message", outcome.error().message());
            }
        }
        return WireJson.MAPPER.writeValueAsString(body);
    }

    /// What is sent of an alert.
    static String of(BillingAlert alert) {
        ObjectNode body = event(WebhookEvent.BILLING_ALERT, alert.at());
        ObjectNode data = body.putObject("data");
        data.put("holder", alert.holder());
        data.put("kind", alert.kind().wireName());
        data.put("subject", alert.subject());
        data.put("limit", alert.limit().dollars());
        data.put("amount", alert.amount().dollars());
        return WireJson.MAPPER.writeValueAsString(body);
    }

    /// What is sent when a key's last days begin; never a text of it.
    static String of(ApiKey key) {
        ObjectNode body = event(WebhookEvent.KEY_EXPIRING, key.reminder());
        ObjectNode data = body.putObject("data");
        data.put("key_id", key.keyId().value());
        data.put("name", key.name());
        data.put("env", key.env().wireName());
        data.put("expires_at", key.expires().truncatedTo(ChronoUnit.MILLIS).toString());
        return WireJson.MAPPER.writeValueAsString(body);
    }

    /// What is sent to try an endpoint.
    static String test(WebhookId webhook, Instant at) {
        ObjectNode body = event(WebhookEvent.WEBHOOK_TEST, at);
        body.putObject("data").put("webhook_id", webhook.value());
        return WireJson.MAPPER.writeValueAsString(body);
    }

    /// What is sent when an endpoint was disabled, to the others.
    static String disabled(Webhook webhook, String reason, Instant at) {
        ObjectNode body = event(WebhookEvent.WEBHOOK_DISABLED, at);
        ObjectNode data = body.putObject("data");
        data.put("webhook_id", webhook.webhookId().value());
        data.put("url", webhook.url());
        data.put("reason", reason);
        return WireJson.MAPPER.writeValueAsString(body);
    }

    private static ObjectNode event(WebhookEvent event, Instant at) {
        ObjectNode body = WireJson.MAPPER.createObjectNode();
        body.put("event", event.wireName());
        body.put("timestamp", at.truncatedTo(ChronoUnit.MILLIS).toString());
        return body;
    }
}
