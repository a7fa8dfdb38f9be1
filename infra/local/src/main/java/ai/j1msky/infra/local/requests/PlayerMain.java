package ai.j1msky.infra.local.requests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Plays request files against the product of a data directory: `PlayerMain RUN-DIRECTORY FILE…`. The exit code is 0
/// when all answers were right, 1 when not, 2 when it could not play.
public final class PlayerMain {

    private static final String URL = "GATEWAY_URL=";

    private PlayerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length < 2) {
            System.err.println("usage: infra/smoke [--data DIR] [FILE…]");
            System.exit(2);
        }
        try {
            Path run = Path.of(arguments[0]);
            List<Path> files = Arrays.stream(arguments).skip(1).map(Path::of).toList();
            System.exit(play(new Player(variables(run), System.out), files) == 0 ? 0 : 1);
        } catch (IOException e) {
            System.err.println("cannot read " + e.getMessage());
            System.exit(2);
        }
    }

    private static int play(Player player, List<Path> files)
            throws IOException, InterruptedException {
        int requests = 0;
        int wrong = 0;
        for (Path path : files) {
            System.out.println(path.getFileName());
            RequestFile file = RequestFile.parse(Files.readString(path));
            wrong += player.play(file);
            requests += file.requests().size();
        }
        System.out.printf("%d requests, %d wrong answers%n", requests, wrong);
        return wrong;
    }

    private static Map<String, String> variables(Path run) throws IOException {
        String url =
                Files.readAllLines(run.resolve("ports.env")).stream()
                        .filter(line -> line.startsWith(URL))
                        .map(line -> line.substring(URL.length()))
                        .findFirst()
                        .orElseThrow(() -> new IOException("GATEWAY_URL in ports.env"));
        return Map.of(
                "url", url,
                "dev_key", Files.readString(run.resolve("dev.key")).strip(),
                "admin_key", Files.readString(run.resolve("admin.key")).strip());
    }
}
