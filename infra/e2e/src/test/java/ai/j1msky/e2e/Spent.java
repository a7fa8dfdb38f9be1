package ai.j1msky.e2e;

/// One agent and what its client knows of it.
///
/// @param spawned the answer to its spawn
public record Spent(Scripted task, String model, Answer spawned) {

    public String id() {
        return spawned.agentId();
    }

    public long held() {
        return Answer.micros(spawned.body().get("estimated_cost"));
    }
}
