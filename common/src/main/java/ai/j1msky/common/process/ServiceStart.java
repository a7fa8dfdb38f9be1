package ai.j1msky.common.process;

import ai.j1msky.common.config.ConfigException;
import java.io.IOException;
import java.io.PrintStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The beginning and the end of a process without Spring. What an operator can mend is a sentence on the error output, and
/// the process ends with 1.
public final class ServiceStart {

    private static final Logger log = LoggerFactory.getLogger(ServiceStart.class);

    private ServiceStart() {}

    /// What a process does to start.
    public interface Start {
        /// @throws IOException with a sentence for the operator, as [IllegalArgumentException] and
        ///     [IllegalStateException] have one
        void run() throws IOException, InterruptedException;
    }

    public static void run(Start start) throws InterruptedException {
        PrintStream errors = System.err;
        try {
            start.run();
        } catch (ConfigException mistakes) {
            mistakes.mistakes().forEach(errors::println);
            System.exit(1);
        } catch (IllegalArgumentException | IllegalStateException | IOException told) {
            errors.println(told.getMessage());
            System.exit(1);
        } catch (RuntimeException failed) {
            log.atError().setCause(failed).log("service cannot start");
            System.exit(1);
        }
    }

    /// A service that was told to stop says so with 0, not with the signal's number.
    ///
    /// @param stop ends it
    public static void closeAtExit(Runnable stop) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    stop.run();
                                    Runtime.getRuntime().halt(0);
                                },
                                "stop"));
    }
}
