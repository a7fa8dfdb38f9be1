package ai.j1msky.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/// Reads what an account was charged, again and again, and fails when it is shown less than before. 503 says nothing.
final class MoneyReader {

    private final Client client;
    private final AtomicLong shown = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private LocalDate day = today();
    private long total;
    private long ofDay;

    MoneyReader(Client client) {
        this.client = client;
    }

    /// How often it was shown figures.
    long shown() {
        return shown.get();
    }

    /// How often it was answered 503.
    long refused() {
        return refused.get();
    }

    /// @return true, when nothing was wrong
    boolean readUntil(AtomicBoolean enough) {
        String from = "?from=" + day.withDayOfMonth(1);
        while (!enough.get()) {
            Answer usage = read("/billing/usage" + from);
            if (usage.status() == 200) {
                total = notLess(total, usage.body(), "total_cost");
            }
            Answer budget = read("/billing/budget");
            // A new day begins at nothing.
            if (budget.status() == 200 && today().equals(day)) {
                ofDay = notLess(ofDay, budget.body(), "spent_today");
                ofDay = Math.max(ofDay, notLess(ofDay, budget.body(), "spent_month"));
            }
        }
        return true;
    }

    private Answer read(String path) {
        Answer answer = client.get(path);
        assertThat(answer.status()).as("%s", answer.body()).isIn(200, 503);
        (answer.status() == 200 ? shown : refused).incrementAndGet();
        return answer;
    }

    private static long notLess(long before, JsonNode body, String name) {
        long now = Answer.micros(body.get(name));
        assertThat(now).as("%s, after %s was shown", body, before).isGreaterThanOrEqualTo(before);
        return now;
    }

    private static LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }
}
