package ai.j1msky.worker.sandbox;

import ai.j1msky.common.money.Usage;
import ai.j1msky.worker.model.CallProgress;
import ai.j1msky.worker.model.MeteredUsage;
import ai.j1msky.worker.model.ModelAnswer;
import ai.j1msky.worker.model.ModelCall;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelProvider;
import ai.j1msky.worker.sandbox.skill.Skills;
import java.time.Duration;
import java.util.Optional;

/// The built-in model: does a few real things exactly, and says so when it is asked for anything else.
///
/// The same task always gets the same answer. Magic inputs (see [Magic]) make it fail, wait or talk at length.
/// Tokens are ceil(UTF-8 bytes / 4), for the task and for the answer. Thread-safe; the first summary of a
/// process loads the language models, nothing else ever does.
public final class SandboxProvider implements ModelProvider {

    static final String REFUSAL =
            """
            The sandbox cannot write this; configure a provider. Set ANTHROPIC_API_KEY, MOONSHOT_API_KEY, \
            OPENAI_API_KEY or MINIMAX_API_KEY for the workers and call with a live_sk_ key: dev_sk_ keys always run \
            on the sandbox, which summarises text, finds keywords, calculates, and describes CSV and text.""";

    private static final long MAX_BYTES = 1 << 20;
    private static final int LINE_BYTES = 64;

    @Override
    public String name() {
        return "sandbox";
    }

    @Override
    public ModelAnswer call(ModelCall call, CallProgress progress) throws ModelFailure {
        Halt halt = Halt.of(call, progress);
        long inputTokens = TokenCount.of(call.prompt());
        progress.usage(MeteredUsage.reported(new Usage(inputTokens, 0)));
        Optional<Magic> magic = Magic.parse(call.prompt());
        halt.check();
        String text =
                magic.isPresent()
                        ? act(magic.get(), halt)
                        : Skills.answer(call.prompt()).orElse(REFUSAL);
        halt.check();
        ModelAnswer answer = capped(text, inputTokens, call.maxOutputTokens());
        progress.usage(answer.used());
        return answer;
    }

    private static String act(Magic magic, Halt halt) throws ModelFailure {
        return switch (magic) {
            case Magic.Echo(String text) -> text;
            case Magic.Slow(Duration time) -> {
                halt.pause(time);
                yield "The sandbox answered after " + time.toMillis() + " ms, as asked.";
            }
            case Magic.Tokens(int count) -> filler(count);
            case Magic.Fail(ModelFailure.Kind kind) ->
                    throw new ModelFailure(
                            kind, "The task asked the sandbox to fail with " + kind.code() + ".");
            case Magic.RateLimit(Duration retryAfter) ->
                    throw new ModelFailure(
                            ModelFailure.Kind.PROVIDER_RATE_LIMITED,
                            "The task asked the sandbox to refuse as a rate-limited provider.",
                            retryAfter,
                            null);
            case Magic.Malformed(String rightForm) ->
                    throw new ModelFailure(
                            ModelFailure.Kind.SANDBOX_FAILED,
                            "The sandbox does not know this magic input; the right form is "
                                    + rightForm
                                    + ".");
        };
    }

    /// Numbered lines of 64 ASCII characters, cut to exactly the bytes that many tokens stand for.
    private static String filler(int tokens) {
        int bytes = tokens * TokenCount.BYTES_PER_TOKEN;
        StringBuilder text = new StringBuilder(bytes + LINE_BYTES);
        for (int line = 1; text.length() < bytes; line++) {
            String numbered = "Line " + line + " of a text that the sandbox wrote to be this long.";
            text.append(numbered).repeat('.', LINE_BYTES - 1 - numbered.length()).append('\n');
        }
        text.setLength(bytes);
        return text.toString();
    }

    private static ModelAnswer capped(String text, long inputTokens, int maxOutputTokens) {
        long cap = Math.min(MAX_BYTES, Math.max(0L, maxOutputTokens) * TokenCount.BYTES_PER_TOKEN);
        String kept = TokenCount.cut(text, cap);
        return new ModelAnswer(
                kept,
                MeteredUsage.reported(new Usage(inputTokens, TokenCount.of(kept))),
                kept.length() < text.length());
    }
}
