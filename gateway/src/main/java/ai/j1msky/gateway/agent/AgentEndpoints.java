package ai.j1msky.gateway.agent;

import ai.j1msky.common.agent.AgentStatus;
import ai.j1msky.common.config.AgencyConfig;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.gateway.admission.Caller;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;
import ai.j1msky.gateway.projection.LiveAgents;
import ai.j1msky.gateway.request.Answers;
import ai.j1msky.gateway.request.Deadlines;
import ai.j1msky.gateway.request.Query;
import ai.j1msky.gateway.view.AgentView;
import ai.j1msky.gateway.view.AgentViews;
import ai.j1msky.gateway.view.AgentViews.Page;
import ai.j1msky.gateway.view.TextReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// `GET /api/agent/{agent_id}` and `GET /api/agents`.
public final class AgentEndpoints {

    private static final int LONGEST_WAIT = 60;
    private static final int LARGEST_PAGE = 200;

    /// An end is known from the log a moment before its view says so.
    private static final Duration VIEW_PAUSE = Duration.ofMillis(20);

    private static final int VIEW_LOOKS = 100;

    private final AgentViews views;
    private final TextReader texts;
    private final LiveAgents live;
    private final AgencyConfig config;

    public AgentEndpoints(
            AgentViews views, TextReader texts, LiveAgents live, AgencyConfig config) {
        this.views = views;
        this.texts = texts;
        this.live = live;
        this.config = config;
    }

    /// With `wait`, answers when the agent has ended or that many seconds have passed.
    public Mono<ServerResponse> get(ServerRequest request) {
        AgentId id = agentId(request);
        Query query = new Query(request, Set.of("wait"));
        int wait = query.whole("wait", 0, LONGEST_WAIT, 0);
        Caller caller = Caller.of(request);
        return found(views.find(caller.account(), id, caller.tokens()))
                .flatMap(
                        view ->
                                wait == 0 || view.status().isTerminal()
                                        ? Mono.just(view)
                                        : waitForEnd(caller, id, Duration.ofSeconds(wait)))
                .flatMap(view -> answer(id, view));
    }

    public Mono<ServerResponse> list(ServerRequest request) {
        Caller caller = Caller.of(request);
        Query query = new Query(request, Set.of("status", "model", "limit", "cursor"));
        AgentStatus status =
                query.oneOf("status", List.of("spawning", "running"))
                        .map(word -> AgentStatus.valueOf(word.toUpperCase(java.util.Locale.ROOT)))
                        .orElse(null);
        String model = query.oneOf("model", config.models().keySet()).orElse(null);
        int limit = query.whole("limit", 1, LARGEST_PAGE, LARGEST_PAGE);
        AgentViews.Cursor after =
                query.text("cursor").map(Cursors::read).orElse(AgentViews.Cursor.START);
        return views.list(caller.account(), status, model, after, limit, caller.tokens())
                .flatMap(page -> rows(page).collectList().map(rows -> list(page, rows)))
                .flatMap(Answers::json);
    }

    private Mono<AgentView> find(Caller caller, AgentId id) {
        return found(views.find(caller.account(), id));
    }

    private static Mono<AgentView> found(Mono<Optional<AgentView>> view) {
        return view.map(found -> found.orElseThrow(() -> ProblemException.of(Problem.NOT_FOUND)));
    }

    private Mono<AgentView> waitForEnd(Caller caller, AgentId id, Duration patience) {
        return Mono.fromFuture(() -> live.whenEnded(id))
                .timeout(patience, Deadlines.CLOCK)
                .flatMap(state -> endedView(caller, id))
                .onErrorResume(TimeoutException.class, stillRunning -> find(caller, id));
    }

    /// The view that says so; or, when whoever writes views is late, what it says meanwhile.
    private Mono<AgentView> endedView(Caller caller, AgentId id) {
        return Mono.defer(() -> find(caller, id))
                .filter(view -> view.status().isTerminal())
                .repeatWhenEmpty(again -> again.take(VIEW_LOOKS).delayElements(VIEW_PAUSE))
                .switchIfEmpty(Mono.defer(() -> find(caller, id)));
    }

    private Mono<ServerResponse> answer(AgentId id, AgentView view) {
        return texts.open(id, view).flatMap(opened -> Answers.json(AgentJson.full(view, opened)));
    }

    private Flux<String> rows(Page page) {
        return Flux.fromIterable(page.rows())
                .concatMap(
                        row ->
                                texts.open(new AgentId(row.cursor().id()), row.view())
                                        .map(opened -> AgentJson.row(row.view(), opened)));
    }

    static String list(Page page, List<String> rows) {
        // There may be more and yet no rows: agents that ended while the list was made.
        String next =
                page.more() && !page.rows().isEmpty()
                        ? "\"" + Cursors.write(page.rows().getLast().cursor()) + "\""
                        : "null";
        return "{\"agents\":["
                + String.join(",", rows)
                + "],\"count\":"
                + page.count()
                + ",\"total_cost_today\":"
                + page.chargedToday().dollars().toPlainString()
                + ",\"next_cursor\":"
                + next
                + "}";
    }

    /// The id in the path; anything that is not one names nothing.
    static AgentId agentId(ServerRequest request) {
        String text = request.pathVariable("agent_id");
        if (!AgentId.isValid(text)) {
            throw ProblemException.of(Problem.NOT_FOUND);
        }
        return new AgentId(text);
    }
}
