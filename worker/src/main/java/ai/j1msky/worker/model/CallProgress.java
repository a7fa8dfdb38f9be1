package ai.j1msky.worker.model;

/// The two-way line between a running call and whoever started it.
public interface CallProgress {

    /// Registers what really stops the call: it closes the connection and makes the call end with
    /// [ModelFailure.Kind#STOPPED] at once. May be called from any thread, also before the first byte; when the stop
    /// was asked for already, `stop` runs immediately.
    void onStop(Runnable stop);

    /// Tells the usage known so far, estimated where the provider has not reported it yet; the last one told counts when
    /// the call is stopped. Nothing is told before the provider accepted the call: until then nothing was used.
    void usage(MeteredUsage soFar);
}
