package ai.j1msky.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.j1msky.common.budget.BillingAlert;
import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.ledger.Balance;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.LedgerKind;
import ai.j1msky.common.ledger.UsageCell;
import ai.j1msky.common.ledger.UsageTotal;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TotalsTest {

    private static final Map<String, Long> READ = Map.of("j1msky.spawn.normal", 7L);
    private static final String KEY = "key_a";
    private final Totals totals = new Totals((account, holder) -> Optional.empty());

    @Test
    void whatIsHeldIsHeldUntilItIsChargedAndReleased() {
        // When
        add(LedgerKind.HELD, 1_000, "2026-11-23T12:00:00Z");
        Balance held = balance(Balance.WHOLE);
        add(LedgerKind.CHARGED, 300, "2026-11-23T12:00:05Z");
        add(LedgerKind.RELEASED, 700, "2026-11-23T12:00:05Z");
        Balance after = balance(Balance.WHOLE);

        // Then
        assertThat(held.held()).isEqualTo(Money.micros(1_000));
        assertThat(held.spentDay()).isEqualTo(Money.ZERO);
        assertThat(held.commands()).isEqualTo(READ);
        assertThat(after.held()).isEqualTo(Money.ZERO);
        assertThat(after.spentDay()).isEqualTo(Money.micros(300));
        assertThat(after.spentMonth()).isEqualTo(Money.micros(300));
        assertThat(totals.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void theKeyHasABalanceOfItsOwn() {
        // When
        add(LedgerKind.HELD, 1_000, "2026-11-23T12:00:00Z");

        // Then
        assertThat(balance(KEY).held()).isEqualTo(Money.micros(1_000));
    }

    @Test
    void aNewDayBeginsWithNothingAndANewMonthToo() {
        // When
        add(LedgerKind.HELD, 1_000, "2026-11-29T12:00:00Z");
        add(LedgerKind.CHARGED, 100, "2026-11-29T23:59:59.999Z");
        add(LedgerKind.CHARGED, 20, "2026-11-30T00:00:00Z");
        Balance ofTheMonth = balance(Balance.WHOLE);
        add(LedgerKind.CHARGED, 3, "2026-12-01T00:00:00Z");
        Balance ofTheNext = balance(Balance.WHOLE);

        // Then
        assertThat(ofTheMonth.spentDay()).isEqualTo(Money.micros(20));
        assertThat(ofTheMonth.spentMonth()).isEqualTo(Money.micros(120));
        assertThat(ofTheNext.day()).isEqualTo(LocalDate.parse("2026-12-01"));
        assertThat(ofTheNext.spentDay()).isEqualTo(Money.micros(3));
        assertThat(ofTheNext.spentMonth()).isEqualTo(Money.micros(3));
    }

    @Test
    void aChargeOfTheDayBeforeCountsForItsMonthAlone() {
        // When
        add(LedgerKind.HELD, 1_000, "2026-11-24T00:00:00Z");
        add(LedgerKind.CHARGED, 20, "2026-11-24T00:00:01Z");
        add(LedgerKind.CHARGED, 100, "2026-11-23T23:59:59Z");
        Balance after = balance(Balance.WHOLE);

        // Then
        assertThat(after.day()).isEqualTo(LocalDate.parse("2026-11-24"));
        assertThat(after.spentDay()).isEqualTo(Money.micros(20));
        assertThat(after.spentMonth()).isEqualTo(Money.micros(120));
    }

    @Test
    void usageIsSummedByDayModelProviderAndKeyAndWrittenWhole() {
        // When
        add(LedgerKind.HELD, 1_000, "2026-11-23T12:00:00Z");
        add(LedgerKind.CHARGED, 100, "2026-11-23T12:00:05Z");
        add(LedgerKind.CHARGED, 200, "2026-11-23T12:00:06Z");

        // Then
        UsageCell cell =
                totals.takeChanged(READ).stream()
                        .filter(UsageCell.class::isInstance)
                        .map(UsageCell.class::cast)
                        .findFirst()
                        .orElseThrow();
        assertThat(cell.logKey()).isEqualTo("main/2026-11-23/k2p5/kimi/key_a");
        assertThat(cell.charged()).isEqualTo(Money.micros(300));
        assertThat(cell.agents()).isEqualTo(2);
        assertThat(cell.usage()).isEqualTo(new Usage(20, 4));
    }

    @Test
    void figuresThatAreTakenOverGoOn() {
        // Given
        add(LedgerKind.HELD, 1_000, "2026-11-23T12:00:00Z");
        add(LedgerKind.CHARGED, 100, "2026-11-23T12:00:05Z");
        List<UsageTotal> written = totals.takeChanged(READ);
        Totals next = new Totals((account, holder) -> Optional.empty());

        // When
        written.forEach(next::load);
        next.add(entry(LedgerKind.CHARGED, 50, "2026-11-23T12:00:06Z"));

        // Then
        assertThat(next.held()).isEqualTo(Money.micros(850));
        assertThat(next.takeChanged(READ))
                .filteredOn(UsageCell.class::isInstance)
                .extracting(total -> ((UsageCell) total).charged())
                .containsExactly(Money.micros(150));
    }

    @Test
    void anAccountsOwnBalanceIsWrittenLast() {
        // When
        add(LedgerKind.HELD, 1_000, "2026-11-23T12:00:00Z");
        add(LedgerKind.CHARGED, 100, "2026-11-23T12:00:05Z");

        // Then
        assertThat(totals.takeChanged(READ))
                .extracting(UsageTotal::logKey)
                .containsExactly("main/2026-11-23/k2p5/kimi/key_a", "main/key_a", "main/account");
    }

    @Test
    void eachPartOfABudgetIsToldOnceInItsPeriod() {
        // Given
        Totals watched = watched(Money.micros(100), Money.micros(1_000));

        // When
        List<String> early = spend(watched, 79, "2026-11-23T12:00:00Z");
        List<String> most = spend(watched, 1, "2026-11-23T12:00:01Z");
        List<String> more = spend(watched, 19, "2026-11-23T12:00:02Z");
        List<String> all = spend(watched, 50, "2026-11-23T12:00:03Z");
        List<String> beyond = spend(watched, 50, "2026-11-23T12:00:04Z");
        List<String> nextDay = spend(watched, 500, "2026-11-24T00:00:00Z");
        List<String> restOfTheMonth = spend(watched, 101, "2026-11-25T00:00:00Z");

        // Then
        assertThat(early).isEmpty();
        assertThat(most).containsExactly("main/account/budget/2026-11-23/80");
        assertThat(more).isEmpty();
        assertThat(all).containsExactly("main/account/budget/2026-11-23/100");
        assertThat(beyond).isEmpty();
        assertThat(nextDay)
                .containsExactly(
                        "main/account/budget/2026-11-24/80", "main/account/budget/2026-11-24/100");
        assertThat(restOfTheMonth)
                .containsExactly(
                        "main/account/budget/2026-11-25/80",
                        "main/account/budget/2026-11/80",
                        "main/account/budget/2026-11-25/100");
    }

    @Test
    void whatWasToldIsNotToldAgainAfterARestart() {
        // Given
        Totals watched = watched(Money.micros(100), Money.micros(1_000));
        spend(watched, 80, "2026-11-23T12:00:00Z");
        Totals next = watched(Money.micros(100), Money.micros(1_000));

        // When
        watched.takeChanged(READ).forEach(next::load);

        // Then
        assertThat(spend(next, 1, "2026-11-23T12:00:01Z")).isEmpty();
    }

    @Test
    void daysThatAreOverAreLetGo() {
        // Given
        add(LedgerKind.HELD, 1_000, "2026-11-20T12:00:00Z");
        add(LedgerKind.CHARGED, 100, "2026-11-20T12:00:00Z");
        add(LedgerKind.CHARGED, 100, "2026-11-22T12:00:00Z");
        add(LedgerKind.CHARGED, 100, "2026-11-23T12:00:00Z");

        // When
        totals.forget();
        add(LedgerKind.CHARGED, 1, "2026-11-22T13:00:00Z");

        // Then
        assertThat(totals.takeChanged(READ))
                .filteredOn(total -> total.logKey().startsWith("main/2026-11-22"))
                .extracting(total -> ((UsageCell) total).charged())
                .containsExactly(Money.micros(101));
    }

    @Test
    void tokensThatAreNoCountStopNothing() {
        // Given
        LedgerEntry charge = entry(LedgerKind.CHARGED, 1, "2026-11-23T12:00:05Z");
        LedgerEntry forged =
                new LedgerEntry(
                        charge.accountId(),
                        charge.agentId(),
                        charge.keyId(),
                        charge.kind(),
                        charge.amount(),
                        charge.model(),
                        charge.provider(),
                        1,
                        new Usage(Long.MAX_VALUE, Long.MAX_VALUE),
                        Metering.REPORTED,
                        null,
                        charge.at());
        add(LedgerKind.HELD, 1_000, "2026-11-23T12:00:00Z");

        // When
        totals.add(charge);
        totals.add(forged);

        // Then
        assertThat(totals.takeChanged(READ))
                .filteredOn(UsageCell.class::isInstance)
                .extracting(total -> ((UsageCell) total).charged())
                .containsExactly(Money.micros(2));
    }

    @Test
    void moreCannotLeaveThanIsHeld() {
        // Given
        add(LedgerKind.HELD, 100, "2026-11-23T12:00:00Z");

        // Then
        assertThatThrownBy(() -> add(LedgerKind.CHARGED, 101, "2026-11-23T12:00:05Z"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// With budgets of the account, and none of its keys.
    private static Totals watched(Money daily, Money monthly) {
        BudgetTerms terms = new BudgetTerms(daily, monthly, List.of(80, 100));
        return new Totals(
                (account, holder) ->
                        holder.equals(Balance.WHOLE) ? Optional.of(terms) : Optional.empty());
    }

    /// The keys of the alerts that it brings.
    private static List<String> spend(Totals totals, long micros, String at) {
        totals.add(entry(LedgerKind.HELD, micros, at));
        totals.add(entry(LedgerKind.CHARGED, micros, at));
        return totals.takeAlerts().stream().map(BillingAlert::logKey).toList();
    }

    private void add(LedgerKind kind, long micros, String at) {
        totals.add(entry(kind, micros, at));
    }

    private static LedgerEntry entry(LedgerKind kind, long micros, String at) {
        return new LedgerEntry(
                AccountId.MAIN,
                new AgentId("subagent_1234567890_482915730164"),
                new KeyId(KEY),
                kind,
                Money.micros(micros),
                "k2p5",
                "kimi",
                1,
                new Usage(10, 2),
                Metering.REPORTED,
                null,
                Instant.parse(at));
    }

    private Balance balance(String holder) {
        return totals.takeChanged(READ).stream()
                .filter(Balance.class::isInstance)
                .map(Balance.class::cast)
                .filter(balance -> balance.holder().equals(holder))
                .findFirst()
                .orElseThrow();
    }
}
