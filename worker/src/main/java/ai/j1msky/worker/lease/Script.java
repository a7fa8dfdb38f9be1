package ai.j1msky.worker.lease;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A Lua script from the class path, called by its digest and sent whole when Redis does not know it (any more).
final class Script {

    private final byte[] text;
    private final String digest;

    private Script(byte[] text) {
        this.text = text;
        this.digest = io.lettuce.core.codec.Base16.digest(text);
    }

    /// @param resources put together in this order: functions first, what uses them last
    static Script named(String... resources) {
        StringBuilder text = new StringBuilder();
        for (String resource : resources) {
            text.append(textOf(resource)).append('\n');
        }
        return new Script(text.toString().getBytes(UTF_8));
    }

    private static String textOf(String resource) {
        try (InputStream stream = Script.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(resource + " is missing");
            }
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException unreadable) {
            throw new IllegalStateException(resource + " cannot be read", unreadable);
        }
    }

    /// Runs it; answers with the texts of its array.
    CompletableFuture<List<String>> run(
            RedisClusterAsyncCommands<byte[], byte[]> redis,
            List<String> names,
            String... arguments) {
        byte[][] keys = bytes(names.toArray(String[]::new));
        byte[][] values = bytes(arguments);
        return redis.<List<byte[]>>evalsha(digest, ScriptOutputType.MULTI, keys, values)
                .toCompletableFuture()
                .exceptionallyCompose(
                        failure -> {
                            if (rootOf(failure) instanceof RedisNoScriptException) {
                                return redis.<List<byte[]>>eval(
                                                text, ScriptOutputType.MULTI, keys, values)
                                        .toCompletableFuture();
                            }
                            return CompletableFuture.failedFuture(failure);
                        })
                .thenApply(
                        answer -> answer.stream().map(bytes -> new String(bytes, UTF_8)).toList());
    }

    private static byte[][] bytes(String... texts) {
        byte[][] bytes = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            bytes[i] = texts[i].getBytes(UTF_8);
        }
        return bytes;
    }

    private static Throwable rootOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }
}
