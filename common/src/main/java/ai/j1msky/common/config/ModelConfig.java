package ai.j1msky.common.config;

import ai.j1msky.common.money.Money;
import ai.j1msky.common.money.Price;
import ai.j1msky.common.money.PriceList;
import ai.j1msky.common.money.Usage;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One model that clients may name.
///
/// @param alias what clients call it, for example `k2p5`
/// @param wireName how answers about teams name it, for example `kimi-coding/k2p5`
/// @param provider who runs it
/// @param model what its provider calls it
/// @param prices what it costs, by time
/// @param maxOutputTokens the output cap sent with every call
/// @param fallback aliases to use when its provider fails, best first
public record ModelConfig(
        String alias,
        String wireName,
        String provider,
        String model,
        PriceList prices,
        int maxOutputTokens,
        List<String> fallback) {

    /// What providers add around a task: roles, separators, a system line.
    public static final int ENVELOPE_TOKENS = 64;

    /// The most a call with this task can cost at that price: no tokenizer makes more tokens than the text has bytes,
    /// and the provider stops at the cap.
    public Money holdFor(String task, Price price) {
        return holdFor(task.getBytes(StandardCharsets.UTF_8).length, price);
    }

    /// The same for a task of at most so many bytes.
    public Money holdFor(int bytes, Price price) {
        return price.costOf(new Usage(bytes + (long) ENVELOPE_TOKENS, maxOutputTokens));
    }
}
