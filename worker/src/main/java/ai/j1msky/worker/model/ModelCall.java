package ai.j1msky.worker.model;

import java.time.Duration;

/// One request to a model.
///
/// @param model the provider's own name of the model, for example `claude-sonnet-4-6`
/// @param prompt the task in clear
/// @param maxOutputTokens the cap that is sent to the provider, so that cost cannot pass the hold
/// @param timeout how long the whole call may take
public record ModelCall(String model, String prompt, int maxOutputTokens, Duration timeout) {

    @Override
    public String toString() {
        return "ModelCall[" + model + ", " + prompt.length() + " characters]";
    }
}
