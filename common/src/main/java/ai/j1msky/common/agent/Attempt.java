package ai.j1msky.common.agent;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.id.WorkerId;
import ai.j1msky.common.money.Money;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;

/// One run of an agent on one worker.
///
/// @param number 1 for the first
/// @param cost what it was charged; zero while it runs and when it is lost
public record Attempt(
        int number,
        WorkerId workerId,
        String model,
        String provider,
        Instant started,
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
        requireNonNull(status, "status");
        requireNonNull(cost, "cost");
    }

    boolean isRunBy(WorkerId worker) {
        return status == Status.RUNNING && workerId.equals(worker);
    }

    Attempt ended(Status how, Money charged) {
        return new Attempt(number, workerId, model, provider, started, how, charged);
    }
}
