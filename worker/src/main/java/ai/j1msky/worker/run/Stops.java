package ai.j1msky.worker.run;

import ai.j1msky.common.agent.AgentEvent;
import ai.j1msky.common.agent.AgentEvent.AttemptDeferred;
import ai.j1msky.common.agent.AgentEvent.AttemptLost;
import ai.j1msky.common.agent.AgentEvent.AttemptStarted;
import ai.j1msky.common.agent.AgentEvent.CallFailed;
import ai.j1msky.common.agent.AgentEvent.CancelRequested;
import ai.j1msky.common.agent.AgentEvent.Ending;
import ai.j1msky.common.agent.AgentEvent.TeamStarted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the log says about agents that run here: whether a run is to stop, and whether it may still speak.
final class Stops {

    private static final Logger log = LoggerFactory.getLogger(Stops.class);

    private final CallGuard guard;

    Stops(CallGuard guard) {
        this.guard = guard;
    }

    void apply(Run run, AgentEvent event) {
        switch (event) {
            case CancelRequested _ -> guard.stop(run, Run.Stop.CANCELLED);
            case AttemptLost lost -> {
                // A loss that stands before our start on the log is of an earlier try at it, and
                // counts for nobody.
                if (isOurs(run, lost.attempt())
                        && lost.workerId().equals(run.worker())
                        && run.isConfirmed()) {
                    abandon(run, "attempt declared lost");
                }
            }
            case AttemptStarted started -> start(run, started);
            case CallFailed _, AttemptDeferred _, TeamStarted _ -> {}
            case Ending ending -> {
                boolean byAnotherWhoRunsIt =
                        isOurs(run, ending.attempt())
                                && !run.worker().equals(ending.workerId())
                                && !run.isConfirmed();
                if (ending.attempt() == 0 || byAnotherWhoRunsIt) {
                    abandon(run, "agent ended elsewhere");
                }
            }
        }
    }

    private void start(Run run, AttemptStarted started) {
        if (started.attempt() > run.command().attempt()) {
            abandon(run, "attempt superseded");
        } else if (isOurs(run, started.attempt())) {
            if (started.workerId().equals(run.worker())) {
                run.confirm();
            } else if (!run.isConfirmed()) {
                // The first start in the partition is the one that counts.
                abandon(run, "attempt runs elsewhere");
            }
        }
    }

    private static boolean isOurs(Run run, int attempt) {
        return attempt == run.command().attempt();
    }

    private static void abandon(Run run, String why) {
        if (run.settle()) {
            log.atInfo()
                    .addKeyValue("agentId", run.order().agentId())
                    .addKeyValue("attempt", run.command().attempt())
                    .addKeyValue("why", why)
                    .log("attempt abandoned");
        }
        run.stop(Run.Stop.ABANDONED);
    }
}
