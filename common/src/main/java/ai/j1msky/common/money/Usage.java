package ai.j1msky.common.money;

/// Tokens that one model call read and wrote, as its provider reported them or, where [Metering] says so, as they were estimated.
public record Usage(long inputTokens, long outputTokens) {

    public static final Usage NONE = new Usage(0, 0);

    public Usage {
        if (inputTokens < 0 || outputTokens < 0) {
            throw new IllegalArgumentException(
                    "negative token count: " + inputTokens + ", " + outputTokens);
        }
    }
}
