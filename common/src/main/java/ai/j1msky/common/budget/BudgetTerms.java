package ai.j1msky.common.budget;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.money.Money;
import java.util.List;

/// What may be charged and held at most.
///
/// @param daily from 00:00 UTC to the next
/// @param monthly from the first of the month, 00:00 UTC, to the next
/// @param alertAt at which parts of each, in percent, an alert is sent, ascending; 100 also when an agent is refused
public record BudgetTerms(Money daily, Money monthly, List<Integer> alertAt) {

    public BudgetTerms {
        requireNonNull(daily, "daily");
        requireNonNull(monthly, "monthly");
        alertAt = alertAt == null ? List.of() : alertAt.stream().sorted().distinct().toList();
        if (alertAt.stream().anyMatch(percent -> percent < 1 || percent > 100)) {
            throw new IllegalArgumentException("alert_at is a percentage from 1 to 100");
        }
    }
}
