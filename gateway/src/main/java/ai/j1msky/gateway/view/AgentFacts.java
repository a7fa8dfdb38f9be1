package ai.j1msky.gateway.view;

import ai.j1msky.common.agent.AgentOrder;
import ai.j1msky.common.agent.AgentState;
import ai.j1msky.common.agent.AgentStatus;
import ai.j1msky.common.agent.Attempt;
import ai.j1msky.common.agent.FailedCall;
import ai.j1msky.common.agent.Outcome;
import ai.j1msky.common.agent.Privacy;
import ai.j1msky.common.agent.TeamPlan;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.pii.PiiCounts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An agent as clients see it, without its texts: the JSON is made once, when something changes, and read many times
/// as it is.
public final class AgentFacts {

    private AgentFacts() {}

    /// The JSON object; empty while the agent's command has not been read.
    public static String of(AgentState state) {
        AgentOrder order = state.order();
        if (order == null) {
            return "";
        }
        Outcome outcome = state.outcome();
        ObjectNode json = WireJson.MAPPER.createObjectNode();
        TeamPlan team = order.team();
        json.put("agent_id", order.agentId().value());
        json.put("model", team == null ? order.model() : team.models().getFirst());
        json.put("status", state.status().wireName());
        json.put("created", time(order.created()));
        json.put("started", time(state.started()));
        json.put("completed", time(outcome == null ? null : outcome.at()));
        json.put("cost", state.cost().dollars());
        json.put("estimated_cost", order.hold().dollars());
        if (outcome != null) {
            json.put("refund", order.hold().minus(state.cost()).dollars());
        }
        json.put("priority", order.priority().wireName());
        json.put("timeout", order.timeoutSeconds());
        json.put("provider", state.latest().map(Attempt::provider).orElse(null));
        json.put("livemode", order.livemode());
        Usage usage = outcome == null ? Usage.NONE : outcome.usage();
        ObjectNode tokens = json.putObject("usage");
        tokens.put("input_tokens", usage.inputTokens());
        tokens.put("output_tokens", usage.outputTokens());
        if (outcome != null) {
            tokens.put("metering", outcome.metering().wireName());
        }
        ArrayNode attempts = json.putArray("attempts");
        for (Attempt attempt : state.attempts()) {
            Instant started = attempt.started();
            for (FailedCall failed : attempt.failedCalls()) {
                attempts.add(failed(attempt, failed, started));
                started = failed.ended();
            }
            attempts.add(json(attempt, order.hold()));
        }
        if (team != null) {
            put(json, team);
        }
        if (order.privacy() != null) {
            put(json, order.privacy());
            put(json, order.privacy().found(), outcome == null ? null : outcome.pii());
        }
        if (order.memberOf() != null) {
            json.put("member_of", order.memberOf().value());
        }
        json.put("node", state.latest().map(a -> a.workerId().node().value()).orElse(null));
        if (outcome != null && outcome.error() != null) {
            ObjectNode error = json.putObject("error");
            error.put("code", outcome.error().code());
            error.put("message", outcome.error().message());
        }
        return WireJson.MAPPER.writeValueAsString(json);
    }

    private static void put(ObjectNode json, Privacy privacy) {
        ObjectNode asked = json.putObject("privacy");
        asked.put("detect_pii", privacy.detectPii());
        asked.put("mask_pii_in_logs", privacy.maskPiiInLogs());
        asked.put("encrypt_output", privacy.encryptOutput());
        asked.put("retention_days", privacy.retentionDays());
    }

    /// What was found in the task, and in the result once there is one.
    private static void put(
            ObjectNode json, @Nullable PiiCounts inTask, @Nullable PiiCounts inResult) {
        if (inTask == null) {
            return;
        }
        PiiCounts all = inResult == null ? inTask : inTask.plus(inResult);
        ObjectNode pii = json.putObject("pii");
        ArrayNode types = pii.putArray("types");
        ObjectNode counts = pii.putObject("counts");
        all.counts()
                .forEach(
                        (type, count) -> {
                            types.add(type.wireName());
                            counts.put(type.wireName(), count);
                        });
    }

    /// As they stand before any of them has run.
    private static void put(ObjectNode json, TeamPlan team) {
        json.put("team", team.name());
        ArrayNode models = json.putArray("models");
        team.models().forEach(models::add);
        ArrayNode members = json.putArray("members");
        for (TeamPlan.Step step : team.steps()) {
            ObjectNode member = members.addObject();
            member.put("agent_id", step.agentId().value());
            member.put("role", step.role());
            member.put("model", step.model());
            member.put("status", AgentStatus.SPAWNING.wireName());
            member.put("cost", Money.ZERO.dollars());
            member.putNull("node");
        }
    }

    private static ObjectNode json(Attempt attempt, Money hold) {
        ObjectNode json = call(attempt, attempt.model(), attempt.provider(), attempt.callStarted());
        json.put("status", attempt.status().wireName());
        json.put("cost", attempt.cost().atMost(hold).dollars());
        return json;
    }

    /// A call that another followed: the house's cost.
    private static ObjectNode failed(Attempt attempt, FailedCall failed, Instant started) {
        ObjectNode json = call(attempt, failed.model(), failed.provider(), started);
        json.put("status", Attempt.Status.FAILED.wireName());
        json.put("cost", Money.ZERO.dollars());
        json.put("error", failed.code());
        return json;
    }

    private static ObjectNode call(
            Attempt attempt, String model, String provider, Instant started) {
        ObjectNode json = WireJson.MAPPER.createObjectNode();
        json.put("attempt", attempt.number());
        json.put("model", model);
        json.put("provider", provider);
        json.put("node", attempt.workerId().node().value());
        json.put("started", time(started));
        return json;
    }

    private static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
