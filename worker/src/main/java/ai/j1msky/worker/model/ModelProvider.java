package ai.j1msky.worker.model;

/// Someone who runs language models: Anthropic, Moonshot, a server on the LAN, the built-in sandbox.
///
/// Implementations are thread-safe and block the calling (virtual) thread.
public interface ModelProvider {

    /// The provider's name in configuration, answers and metrics, for example `anthropic`.
    String name();

    /// Runs one call to its end, without retries of its own.
    ///
    /// @param progress told of usage as soon as the provider reports it, and asked to register how the call is stopped
    /// @throws ModelFailure for every outcome other than an answer; never contains the prompt, the answer or the key
    ModelAnswer call(ModelCall call, CallProgress progress) throws ModelFailure;
}
