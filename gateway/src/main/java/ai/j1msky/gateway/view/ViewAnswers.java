package ai.j1msky.gateway.view;

import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.seal.WrappedKey;
import ai.j1msky.gateway.view.AgentViews.Cursor;
import ai.j1msky.gateway.view.AgentViews.Page;
import ai.j1msky.gateway.view.AgentViews.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what the scripts of [AgentViews] answer; each script says what is where.
final class ViewAnswers {

    private ViewAnswers() {}

    static Reservation reservation(List<Object> answer) {
        String outcome = (String) answer.getFirst();
        return switch (outcome) {
            case "granted" -> new Reservation.Granted();
            case "busy" -> new Reservation.TooMany();
            case "conflict" -> new Reservation.Conflict();
            case "inflight" -> new Reservation.InFlight();
            case "replay" -> new Reservation.Replayed(agentId(answer), (String) answer.get(4));
            case "again" -> new Reservation.Lapsed(agentId(answer));
            case "redrive" ->
                    new Reservation.Unfinished(
                            agentId(answer),
                            (String) answer.get(4),
                            new WrappedKey((String) answer.get(5)));
            default -> throw new IllegalStateException("unknown outcome " + outcome);
        };
    }

    private static AgentId agentId(List<Object> answer) {
        return new AgentId((String) answer.get(3));
    }

    static AgentView view(List<Object> answer) {
        return new AgentView(
                AgentView.status((String) answer.get(3)),
                (String) answer.get(4),
                (String) answer.get(5),
                emptyToNull(answer.get(6)),
                emptyToNull(answer.get(7)),
                ((Long) answer.get(8)).intValue(),
                emptyToNull(answer.get(9)),
                ((List<?>) answer.get(10)).stream().map(String.class::cast).toList(),
                time(emptyToNull(answer.get(11))));
    }

    static Page page(List<Object> answer) {
        List<?> columns = (List<?>) answer.get(5);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i + 5 < columns.size(); i += 6) {
            Cursor cursor =
                    new Cursor(
                            Long.parseLong((String) columns.get(i)), (String) columns.get(i + 1));
            AgentView view =
                    new AgentView(
                            AgentView.status((String) columns.get(i + 2)),
                            (String) columns.get(i + 3),
                            (String) columns.get(i + 4),
                            null,
                            emptyToNull(columns.get(i + 5)),
                            -1,
                            null,
                            List.of(),
                            null);
            rows.add(new Row(cursor, view));
        }
        return new Page(
                rows,
                (Long) answer.get(4),
                Money.micros((Long) answer.get(3)),
                (Long) answer.get(6) == 1);
    }

    private static @Nullable Instant time(@Nullable String millis) {
        return millis == null ? null : Instant.ofEpochMilli(Long.parseLong(millis));
    }

    private static @Nullable String emptyToNull(Object text) {
        return "".equals(text) ? null : (String) text;
    }
}
