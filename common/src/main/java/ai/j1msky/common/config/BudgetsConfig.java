package ai.j1msky.common.config;

import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.money.Money;

/// What may be spent.
///
/// @param standard the budget of every account that none was set for
/// @param spikePerHour an API key's spawns are refused when its charges and holds of an hour would pass this
public record BudgetsConfig(BudgetTerms standard, Money spikePerHour) {

    static BudgetsConfig read(ConfigSection section) {
        BudgetTerms standard =
                new BudgetTerms(
                        section.money(
                                "daily",
                                "What an account may be charged and hold in a day (UTC), until another budget is set"
                                        + " for it."),
                        section.money("monthly", "The same in a month."),
                        section.percents(
                                "alert_at",
                                "At which parts of a budget an alert is sent; 1.0 also when an agent is refused."));
        Money spike =
                section.money(
                        "spike_per_hour",
                        "An API key's spawns are refused when what it was charged and what it holds"
                                + " in an hour would pass this.");
        section.finish();
        return new BudgetsConfig(standard, spike);
    }
}
