package ai.j1msky.worker.model;

/// The protocol a provider speaks.
public enum Wire {
    /// Anthropic's Messages API.
    ANTHROPIC,
    /// OpenAI's Chat Completions API, spoken by most others too.
    OPENAI
}
