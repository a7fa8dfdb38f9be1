package ai.j1msky.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/// What Linux tells of a process under `/proc`.
public final class ProcFs {

    private static final long KIB = 1024;

    private ProcFs() {}

    /// Proportional set size in bytes: memory shared with other processes counts in shares, so sums are right.
    public static long pssBytes(long pid) {
        try {
            return Files.readAllLines(of(pid, "smaps_rollup")).stream()
                    .filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB)
                    .sum();
        } catch (IOException gone) {
            throw new UncheckedIOException("the memory of process " + pid + " is unknown", gone);
        }
    }

    /// Resident memory in bytes.
    public static long residentBytes(long pid) {
        return Long.parseLong(status(pid, "VmRSS:").replaceAll("[^0-9]", "")) * KIB;
    }

    /// Operating system threads.
    public static int threads(long pid) {
        return Integer.parseInt(status(pid, "Threads:"));
    }

    private static String status(long pid, String name) {
        try {
            return Files.readAllLines(of(pid, "status")).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).strip())
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no " + name + " of " + pid));
        } catch (IOException gone) {
            throw new UncheckedIOException("the state of process " + pid + " is unknown", gone);
        }
    }

    /// Open file descriptors, connections among them.
    public static int descriptors(long pid) {
        try (Stream<Path> open = Files.list(of(pid, "fd"))) {
            return (int) open.count();
        } catch (IOException gone) {
            throw new UncheckedIOException("the files of process " + pid + " are unknown", gone);
        }
    }

    /// CPU time used so far, user and system, in clock ticks (100 a second on Linux).
    public static long cpuTicks(long pid) {
        try {
            String stat = Files.readString(of(pid, "stat"));
            // The command's name may contain blanks; the fields of interest follow its closing
            // bracket.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        } catch (IOException gone) {
            return 0;
        }
    }

    /// What all cores together have done since the machine started, in clock ticks.
    ///
    /// @param busy doing anything at all
    public record Cores(long busy, long idle) {

        /// The part of the time since then in which they were busy, from 0 to 1.
        public double busySince(Cores then) {
            long passed = busy + idle - then.busy - then.idle;
            return passed == 0 ? 0 : (double) (busy - then.busy) / passed;
        }
    }

    public static Cores cores() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            String all = lines.filter(line -> line.startsWith("cpu ")).findFirst().orElseThrow();
            return coresIn(all);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the cores' time is unknown", unreadable);
        }
    }

    /// @param line `cpu  user nice system idle iowait irq softirq steal guest guest_nice`
    static Cores coresIn(String line) {
        long[] ticks =
                Arrays.stream(line.strip().split(" +"))
                        .skip(1)
                        .mapToLong(Long::parseLong)
                        .toArray();
        long idle = ticks[3] + ticks[4];
        // A guest's time is the user's too.
        return new Cores(Arrays.stream(ticks).limit(8).sum() - idle, idle);
    }

    /// The flags a JVM was started with, without its class path, agents, system properties and AOT cache.
    ///
    /// @throws UncheckedIOException when the process is gone
    public static List<String> jvmFlags(long pid) {
        return flagsAmong(command(pid));
    }

    /// The words a process was started with, its program first.
    ///
    /// @throws UncheckedIOException when the process is gone
    public static List<String> command(long pid) {
        try {
            String line = Files.readString(of(pid, "cmdline"), StandardCharsets.UTF_8);
            return Arrays.asList(line.split("\0")); // without the empty word after the last
        } catch (IOException gone) {
            throw new UncheckedIOException("the command of process " + pid + " is unknown", gone);
        }
    }

    static List<String> flagsAmong(List<String> command) {
        List<String> flags = new ArrayList<>();
        Iterator<String> words = command.iterator();
        if (words.hasNext()) {
            words.next(); // the java binary
        }
        while (words.hasNext()) {
            String word = words.next();
            if (!word.startsWith("-") || word.equals("-jar")) {
                return flags;
            }
            if (word.equals("-cp") || word.equals("-classpath") || word.equals("--class-path")) {
                words.next();
            } else if (isFlag(word)) {
                flags.add(word);
            }
        }
        return flags;
    }

    private static boolean isFlag(String word) {
        boolean virtualMachine = word.startsWith("-X") && !word.startsWith("-XX:AOT");
        return virtualMachine || word.startsWith("--enable-native-access");
    }

    private static Path of(long pid, String file) {
        return Path.of("/proc", Long.toString(pid), file);
    }
}
