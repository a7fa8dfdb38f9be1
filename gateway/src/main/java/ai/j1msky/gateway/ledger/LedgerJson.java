package ai.j1msky.gateway.ledger;

import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.gateway.request.Answers;
import java.math.BigDecimal;
import tools.jackson.databind.node.ObjectNode;

/// Entries and sums as clients see them.
public final class LedgerJson {

    private LedgerJson() {}

    public static ObjectNode of(LedgerEntry entry) {
        ObjectNode json = WireJson.MAPPER.createObjectNode();
        json.put("id", entry.logId());
        json.put("at", time(entry));
        json.put("kind", entry.kind().wireName());
        json.put("agent_id", entry.agentId().value());
        json.put("key_id", entry.keyId().value());
        json.put("model", entry.model());
        json.put("provider", entry.provider());
        json.put("attempt", entry.attempt());
        ObjectNode usage = json.putObject("usage");
        usage.put("input_tokens", entry.usage().inputTokens());
        usage.put("output_tokens", entry.usage().outputTokens());
        json.put("amount", entry.amount().dollars());
        json.put("metering", entry.metering().wireName());
        Price price = entry.price();
        if (price == null) {
            json.putNull("price");
        } else {
            ObjectNode shown = json.putObject("price");
            shown.put("input_per_mtok", perMillion(price.inputMicrosPerMillion()));
            shown.put("output_per_mtok", perMillion(price.outputMicrosPerMillion()));
        }
        return json;
    }

    /// Dollars for a million tokens.
    static BigDecimal perMillion(long micros) {
        return Money.micros(micros).dollars();
    }

    static String time(LedgerEntry entry) {
        return Answers.time(entry.at());
    }

    static ObjectNode of(Reconciliation.Result result) {
        ObjectNode json = WireJson.MAPPER.createObjectNode();
        json.put("held", dollars(result.held()));
        json.put("charged", dollars(result.charged()));
        json.put("released", dollars(result.released()));
        json.put("refunded", dollars(result.refunded()));
        json.put("open", dollars(result.open()));
        json.put("difference", dollars(result.difference()));
        json.put("agents", result.agents());
        json.put("entries", result.entries());
        json.put("wrong_agents", result.wrongAgents());
        json.put("unreadable", result.unreadable());
        json.put(
                "oldest_open",
                result.oldestOpen() == null ? null : Answers.time(result.oldestOpen()));
        return json;
    }

    /// As [Money#dollars], also below zero.
    static BigDecimal dollars(long micros) {
        BigDecimal amount = Money.micros(Math.absExact(micros)).dollars();
        return micros < 0 ? amount.negate() : amount;
    }
}
