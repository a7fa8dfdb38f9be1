package ai.j1msky.worker.model;

/// The field of the OpenAI wire that carries the output cap; the Anthropic wire knows only `max_tokens`.
public enum OutputCapField {
    /// What almost every server understands.
    MAX_TOKENS,
    /// What OpenAI's own reasoning models insist on.
    MAX_COMPLETION_TOKENS
}
