package ai.j1msky.common.agent;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One run of an agent on one worker: calls of models, one after another until one answers or the worker gives up.
///
/// @param number 1 for the first
/// @param model the alias that its newest call runs
/// @param provider who runs that call
/// @param price what that call is charged at; null for the order's own price
/// @param started when its first call began
/// @param failedCalls those before the newest, oldest first
/// @param cost what it was charged; zero while it runs and when it is lost
public record Attempt(
        int number,
        WorkerId workerId,
        String model,
        String provider,
        @Nullable Price price,
        Instant started,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FailedCall> failedCalls,
        Status status,
        Money cost) {

    /// How a run stands.
    public enum Status {
        RUNNING,
        LOST,
        COMPLETED,
        FAILED,
        CANCELLED;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        static Status parse(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    public Attempt {
        requireNonNull(workerId, "worker_id");
        requireNonNull(model, "model");
        requireNonNull(provider, "provider");
        requireNonNull(started, "started");
        failedCalls = failedCalls == null ? List.of() : List.copyOf(failedCalls);
        requireNonNull(status, "status");
        requireNonNull(cost, "cost");
    }

    boolean isRunBy(WorkerId worker) {
        return status == Status.RUNNING && workerId.equals(worker);
    }

    /// When its newest call began.
    public Instant callStarted() {
        return failedCalls.isEmpty() ? started : failedCalls.getLast().ended();
    }

    Attempt ended(Status how, Money charged) {
        return new Attempt(
                number, workerId, model, provider, price, started, failedCalls, how, charged);
    }

    /// Its newest call failed, and another one begins.
    Attempt moved(AgentEvent.CallFailed event) {
        List<FailedCall> failed = new ArrayList<>(failedCalls);
        failed.add(new FailedCall(model, provider, event.code(), event.at()));
        return new Attempt(
                number,
                workerId,
                event.nextModel(),
                event.nextProvider(),
                event.nextPrice(),
                started,
                failed,
                status,
                cost);
    }
}
