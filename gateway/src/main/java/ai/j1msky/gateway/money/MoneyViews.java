package ai.j1msky.gateway.money;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Usage;
import ai.j1msky.common.view.RedisKeys;
import ai.j1msky.gateway.limit.RequestTokens;
import ai.j1msky.gateway.limit.RequestTokens.Taking;
import ai.j1msky.gateway.redis.RedisScript;
import ai.j1msky.gateway.view.ProjectedStore;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/// What requests ask of balances and usage, as the projection has them from billing; one script each.
public final class MoneyViews {

    private static final RedisScript STANDING =
            RedisScript.of("buckets", "entry", "money", "standing");
    private static final RedisScript USAGE = RedisScript.of("buckets", "entry", "money", "usage");

    private final ProjectedStore redis;

    public MoneyViews(ProjectedStore redis) {
        this.redis = redis;
    }

    /// How an account, or one of its keys, stands at this moment.
    ///
    /// @param held set aside for agents that have not ended
    record Standing(Money spentToday, Money spentMonth, Money held) {}

    /// @param holder `account`, or the id of one of its keys
    Mono<Standing> standing(AccountId account, String holder, RequestTokens tokens) {
        Taking taken = tokens.take();
        String[] keys = {
            RedisKeys.META,
            RedisKeys.balances(account),
            RedisKeys.pending(account),
            taken.keys().get(0),
            taken.keys().get(1),
            taken.keys().get(2)
        };
        return redis.ask(tokens, STANDING, keys, taken.argumentsAfter(redis.floor(), holder))
                .map(
                        answer ->
                                new Standing(
                                        Money.micros((Long) answer.get(3)),
                                        Money.micros((Long) answer.get(4)),
                                        Money.micros((Long) answer.get(5))));
    }

    /// What was used on one day of one model, provider and key.
    ///
    /// @param agents how many were charged
    record Cell(
            LocalDate day,
            String model,
            String provider,
            KeyId key,
            Money charged,
            long agents,
            Usage usage) {}

    /// @param today by the clock that decides when a day is over
    record Sheet(LocalDate today, List<Cell> cells) {}

    /// What an account used.
    ///
    /// @param months ascending, one after the other
    /// @param all whether of all of them, or of the one that it is now
    Mono<Sheet> usage(
            AccountId account, List<YearMonth> months, boolean all, RequestTokens tokens) {
        Taking taken = tokens.take();
        List<String> keys = new ArrayList<>(List.of(RedisKeys.META));
        keys.addAll(taken.keys());
        List<String> arguments =
                new ArrayList<>(List.of(taken.argumentsAfter(redis.floor(), all ? "1" : "0")));
        for (YearMonth month : months) {
            keys.add(RedisKeys.usage(account, month));
            arguments.add(Long.toString(month.atDay(1).toEpochDay()));
        }
        return redis.ask(
                        tokens,
                        USAGE,
                        keys.toArray(String[]::new),
                        arguments.toArray(String[]::new))
                .map(MoneyViews::sheet);
    }

    private static Sheet sheet(List<Object> answer) {
        List<?> columns = (List<?>) answer.get(4);
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < columns.size(); i += 2) {
            cells.add(cell((String) columns.get(i), (String) columns.get(i + 1)));
        }
        return new Sheet(LocalDate.ofEpochDay((Long) answer.get(3)), cells);
    }

    private static Cell cell(String name, String figures) {
        String[] names = name.split("/", -1);
        String[] numbers = figures.split(" ", -1);
        return new Cell(
                LocalDate.parse(names[0]),
                names[1],
                names[2],
                new KeyId(names[3]),
                Money.micros(Long.parseLong(numbers[0])),
                Long.parseLong(numbers[1]),
                new Usage(Long.parseLong(numbers[2]), Long.parseLong(numbers[3])));
    }
}
