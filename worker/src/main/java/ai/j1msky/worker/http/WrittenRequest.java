package ai.j1msky.worker.http;

import ai.j1msky.worker.model.ModelCall;
import ai.j1msky.worker.model.ModelFailure;
import ai.j1msky.worker.model.ModelFailure.Kind;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The HTTP client given to LangChain4j: it keeps the request that LangChain4j wrote instead of sending it.
///
/// So paths, headers and bodies are LangChain4j's, and [ModelHttp] has the connection to itself.
public final class WrittenRequest implements HttpClient, HttpClientBuilder {

    private @Nullable HttpRequest written;

    private WrittenRequest() {}

    /// The request that LangChain4j would send for the call.
    ///
    /// @param model builds the model over the client it is given
    /// @throws ModelFailure if LangChain4j refuses to write it
    public static HttpRequest of(
            ModelCall call, Function<HttpClientBuilder, StreamingChatModel> model)
            throws ModelFailure {
        WrittenRequest client = new WrittenRequest();
        try {
            model.apply(client).chat(call.prompt(), new Unused());
        } catch (RuntimeException unwritable) {
            // Not kept as the cause: its message may quote the prompt.
            throw unwritable();
        }
        HttpRequest request = client.written;
        if (request == null) {
            throw unwritable();
        }
        return request;
    }

    private static ModelFailure unwritable() {
        return new ModelFailure(Kind.PROVIDER_REJECTED, "The request could not be written.");
    }

    @Override
    public void execute(
            HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        written = request;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        throw new UnsupportedOperationException("only streamed calls are made");
    }

    @Override
    public HttpClient build() {
        return this;
    }

    // LangChain4j sets its own time-outs, which nothing here uses: a call has its own.

    @Override
    public @Nullable Duration connectTimeout() {
        return null;
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
        return this;
    }

    @Override
    public @Nullable Duration readTimeout() {
        return null;
    }

    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
        return this;
    }

    /// Never called, since no answer is read through LangChain4j.
    private static final class Unused implements StreamingChatResponseHandler {

        @Override
        public void onCompleteResponse(ChatResponse response) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void onError(Throwable error) {
            throw new UnsupportedOperationException();
        }
    }
}
