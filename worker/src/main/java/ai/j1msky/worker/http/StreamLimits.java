package ai.j1msky.worker.http;

/// How much of an answer is taken, whatever a provider sends.
///
/// @param textBytes of the answer's text in UTF-8; what comes after is cut off and the answer marked as truncated
/// @param eventBytes of one line and of one event; more is a broken stream
/// @param bodyBytes of the whole stream, its framing included; more is a broken stream. Never held in memory
record StreamLimits(int textBytes, int eventBytes, long bodyBytes) {

    /// 1 MiB of text; 2 MiB for an event, so that all of it may come in one; 128 MiB for the stream, since a wire may
    /// spend 300 bytes on a token of four.
    static final StreamLimits STANDARD = new StreamLimits(1 << 20, 2 << 20, 128L << 20);
}
