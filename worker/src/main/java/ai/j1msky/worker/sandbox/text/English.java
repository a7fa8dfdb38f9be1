package ai.j1msky.worker.sandbox.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import opennlp.tools.sentdetect.SentenceDetectorME;
import opennlp.tools.sentdetect.SentenceModel;
import opennlp.tools.tokenize.TokenizerME;
import opennlp.tools.tokenize.TokenizerModel;
import org.jspecify.annotations.Nullable;

/// Finds the sentences and tokens of English text with the OpenNLP models on the classpath.
///
/// The models are loaded once in a process, by the first call that needs them; others that need them wait for it.
/// An instance keeps state while it works: each call makes its own, which costs microseconds.
final class English {

    /// The detector's work grows with the square of a block's length in the worst case, so blocks are short.
    private static final int MAX_BLOCK = 2_000;

    private static final ReentrantLock LOADING = new ReentrantLock();
    private static volatile @Nullable Models loaded;

    private final SentenceDetectorME sentenceDetector;
    private final TokenizerME tokenizer;

    private English(Models models) {
        this.sentenceDetector = new SentenceDetectorME(models.sentences());
        this.tokenizer = new TokenizerME(models.tokens());
    }

    static English reader() {
        return new English(models());
    }

    /// The sentences of one paragraph, in order.
    List<String> sentences(String paragraph) {
        List<String> sentences = new ArrayList<>();
        int from = 0;
        while (from < paragraph.length()) {
            int to = blockEnd(paragraph, from);
            sentences.addAll(List.of(sentenceDetector.sentDetect(paragraph.substring(from, to))));
            from = to;
        }
        return sentences;
    }

    List<String> tokens(String sentence) {
        return List.of(tokenizer.tokenize(sentence));
    }

    private static int blockEnd(String paragraph, int from) {
        if (paragraph.length() - from <= MAX_BLOCK) {
            return paragraph.length();
        }
        int sentenceEnd = paragraph.lastIndexOf(". ", from + MAX_BLOCK - 2);
        int space = paragraph.lastIndexOf(' ', from + MAX_BLOCK - 1);
        if (sentenceEnd > from) {
            return sentenceEnd + 2;
        }
        return space > from ? space + 1 : from + MAX_BLOCK;
    }

    private static Models models() {
        Models ready = loaded;
        if (ready != null) {
            return ready;
        }
        LOADING.lock();
        try {
            Models models = loaded;
            if (models == null) {
                models = Models.load();
                loaded = models;
            }
            return models;
        } finally {
            LOADING.unlock();
        }
    }

    /// The immutable models, shared by all readers.
    private record Models(SentenceModel sentences, TokenizerModel tokens) {

        private static final String SENTENCES = "/opennlp-en-ud-ewt-sentence-1.3-2.5.4.bin";
        private static final String TOKENS = "/opennlp-en-ud-ewt-tokens-1.3-2.5.4.bin";

        static Models load() {
            try (InputStream sentences = open(SENTENCES);
                    InputStream tokens = open(TOKENS)) {
                return new Models(new SentenceModel(sentences), new TokenizerModel(tokens));
            } catch (IOException unreadable) {
                throw new UncheckedIOException("language models cannot be read", unreadable);
            }
        }

        private static InputStream open(String name) {
            InputStream stream = English.class.getResourceAsStream(name);
            if (stream == null) {
                throw new IllegalStateException("not on the classpath: " + name);
            }
            return stream;
        }
    }
}
