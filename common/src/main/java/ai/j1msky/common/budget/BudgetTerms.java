package ai.j1msky.common.budget;

import static java.util.Objects.requireNonNull;

import ai.j1msky.common.money.Money;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

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

    /// The percentage of a part of JSON, from 0.01 to 1.0 with at most two decimals; empty for anything else.
    public static Optional<Integer> percent(JsonNode part) {
        return part.decimalValueOpt()
                .filter(given -> given.stripTrailingZeros().scale() <= 2)
                .filter(given -> given.signum() > 0 && given.compareTo(BigDecimal.ONE) <= 0)
                .map(given -> given.movePointRight(2).intValueExact());
    }
}
