package ai.j1msky.gateway.ledger;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.ledger.LedgerKind;
import ai.j1msky.common.money.Metering;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// One agent's movements of money, as billing writes them.
record TestMoney(AccountId account, AgentId agent, String model, Instant at) {

    static TestMoney of(AccountId account, Instant at, Random random) {
        return new TestMoney(account, AgentId.mint(at, random), "k2p5", at);
    }

    LedgerEntry held(long micros) {
        return entry(LedgerKind.HELD, micros, at, Usage.NONE);
    }

    LedgerEntry charged(long micros) {
        return entry(LedgerKind.CHARGED, micros, at.plusSeconds(5), new Usage(micros, 7));
    }

    LedgerEntry released(long micros) {
        return entry(LedgerKind.RELEASED, micros, at.plusSeconds(5), Usage.NONE);
    }

    LedgerEntry refunded(long micros) {
        return entry(LedgerKind.REFUNDED, micros, at.plusSeconds(5), Usage.NONE);
    }

    /// A whole life, or only its beginning.
    List<LedgerEntry> life(Random random) {
        long hold = 2 + random.nextInt(100_000);
        long cost = random.nextLong(hold + 1);
        List<LedgerEntry> entries = new ArrayList<>(List.of(held(hold)));
        int end = random.nextInt(4);
        if (end > 0 && cost > 0) {
            entries.add(charged(cost));
        }
        if (end > 0 && cost < hold) {
            entries.add(end == 1 ? refunded(hold - cost) : released(hold - cost));
        }
        return entries;
    }

    private LedgerEntry entry(LedgerKind kind, long micros, Instant time, Usage usage) {
        @Nullable String provider = kind == LedgerKind.CHARGED ? "kimi" : null;
        return new LedgerEntry(
                account,
                agent,
                new KeyId("key_ledger"),
                kind,
                Money.micros(micros),
                model,
                provider,
                provider == null ? 0 : 1,
                usage,
                Metering.REPORTED,
                kind == LedgerKind.CHARGED ? new Price(600_000, 3_000_000) : null,
                time);
    }
}
