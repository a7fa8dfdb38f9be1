package ai.j1msky.gateway.money;

import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.money.Money;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.money.MoneyViews.Cell;
import ai.j1msky.gateway.money.MoneyViews.Sheet;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Query;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/// `GET /api/billing/usage`: what the caller's account was charged, from the first of the month to today unless other days
/// are asked for. All sums are of the same cells, so they agree.
public final class UsageEndpoint {

    private static final int MOST_DAYS = 366;

    /// Agents that belong to no team.
    private static final String NO_TEAM = "none";

    private static final Map<String, Function<Cell, String>> GROUPS =
            Map.of(
                    "model", Cell::model,
                    "day", cell -> cell.day().toString(),
                    "key", cell -> cell.key().value(),
                    "provider", Cell::provider,
                    "team", cell -> NO_TEAM);

    private final MoneyViews views;
    private final Clock clock;

    public UsageEndpoint(MoneyViews views, Clock clock) {
        this.views = views;
        this.clock = clock;
    }

    public Mono<ServerResponse> get(ServerRequest request) {
        Query query = new Query(request, Set.of("from", "to", "group_by"));
        LocalDate from = query.day("from").orElse(null);
        LocalDate to = query.day("to").orElse(null);
        String group =
                query.oneOf("group_by", List.of("model", "day", "key", "team", "provider"))
                        .orElse("model");
        LocalDate here = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        LocalDate last = to == null ? here : to;
        if (from != null && from.isAfter(last)) {
            throw wrong("from must not be after " + (to == null ? "today" : "to") + ".");
        }
        if (from != null && ChronoUnit.DAYS.between(from, last) >= MOST_DAYS) {
            throw wrong("from and to must be at most " + MOST_DAYS + " days apart.");
        }
        Caller caller = Caller.of(request);
        boolean thisMonth = from == null && to == null;
        return views.usage(caller.account(), months(from, to, here), !thisMonth, caller.tokens())
                .flatMap(sheet -> Answers.json(shown(sheet, from, to, group)));
    }

    /// Those that may be meant: which month it is now, another clock says.
    private static List<YearMonth> months(
            @Nullable LocalDate from, @Nullable LocalDate to, LocalDate here) {
        YearMonth last = YearMonth.from(to == null ? here.plusDays(1) : to);
        YearMonth first = last;
        if (from != null) {
            first = YearMonth.from(from);
        } else if (to == null) {
            first = YearMonth.from(here.minusDays(1));
        }
        return Stream.iterate(first, month -> !month.isAfter(last), month -> month.plusMonths(1))
                .toList();
    }

    private static ObjectNode shown(
            Sheet sheet, @Nullable LocalDate from, @Nullable LocalDate to, String group) {
        LocalDate last = to == null ? sheet.today() : to;
        LocalDate first = from == null ? last.withDayOfMonth(1) : from;
        List<Cell> cells =
                sheet.cells().stream()
                        .filter(cell -> !cell.day().isBefore(first) && !cell.day().isAfter(last))
                        .toList();
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.put("period", first + " to " + last);
        Money total = Money.ZERO;
        long agents = 0;
        long input = 0;
        long output = 0;
        for (Cell cell : cells) {
            total = total.plus(cell.charged());
            agents += cell.agents();
            input += cell.usage().inputTokens();
            output += cell.usage().outputTokens();
        }
        answer.put("total_cost", total.dollars());
        for (String name : Stream.of("model", "day", group).distinct().toList()) {
            ObjectNode sums = answer.putObject("by_" + name);
            sumsBy(GROUPS.getOrDefault(name, Cell::model), cells)
                    .forEach((value, sum) -> sums.put(value, sum.dollars()));
        }
        answer.put("agents", agents);
        ObjectNode usage = answer.putObject("usage");
        usage.put("input_tokens", input);
        usage.put("output_tokens", output);
        return answer;
    }

    private static Map<String, Money> sumsBy(Function<Cell, String> group, List<Cell> cells) {
        Map<String, Money> sums = new TreeMap<>();
        cells.forEach(cell -> sums.merge(group.apply(cell), cell.charged(), Money::plus));
        return sums;
    }

    private static ProblemException wrong(String sentence) {
        return ProblemException.of(Problem.MALFORMED, sentence);
    }
}
