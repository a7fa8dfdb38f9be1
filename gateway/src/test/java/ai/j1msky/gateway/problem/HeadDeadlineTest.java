package ai.j1msky.gateway.problem;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadDeadlineTest {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String ANSWER = "HTTP/1.1 200 OK";
    private static final String TOO_LATE = "HTTP/1.1 408 Request Timeout";
    private EmbeddedChannel channel;
    private int reads;

    @BeforeEach
    void open() {
        HeadDeadline deadline = new HeadDeadline(Duration.ofSeconds(10));
        channel = new EmbeddedChannel();
        channel.freezeTime();
        ChannelOutboundHandlerAdapter network =
                new ChannelOutboundHandlerAdapter() {
                    @Override
                    public void read(ChannelHandlerContext context) {
                        reads++;
                        context.read();
                    }
                };
        channel.pipeline().addLast(network, deadline.bytes(), new HttpServerCodec(), deadline);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aFirstHeadThatDoesNotEndIsCutOff() {
        // Given
        receive("GET / HT");

        // When
        pass(10);

        // Then
        assertThat(sent()).startsWith(TOO_LATE);
        assertThat(channel.isActive()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "GET", "GET / HTTP/1.1\r\nHo"})
    void theTimeStandsStillWhileAnAnswerIsPending(String stray) {
        // Given
        receive(REQUEST);
        receive(stray);

        // When
        pass(60);
        answer(HttpResponseStatus.OK);

        // Then
        assertThat(sent()).startsWith(ANSWER);
        pass(9);
        assertThat(channel.isActive()).isTrue();
        pass(1);
        assertThat(sent()).startsWith(TOO_LATE);
    }

    @Test
    void aHeadThatBeganTogetherWithARequestHasItsTimeFromTheAnswerOn() {
        // Given
        receive(REQUEST + "GET / HT");
        pass(60);
        answer(HttpResponseStatus.OK);
        assertThat(sent()).startsWith(ANSWER);

        // When
        pass(10);

        // Then
        assertThat(sent()).startsWith(TOO_LATE);
    }

    @Test
    void twoAnswersMayBePending() {
        // Given
        receive(REQUEST + REQUEST + "GET / HT");
        answer(HttpResponseStatus.OK);

        // When
        pass(60);

        // Then
        assertThat(sent()).startsWith(ANSWER).doesNotContain("408");
    }

    @Test
    void aPromptToGoOnIsNoAnswer() {
        // Given
        receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
        answer(HttpResponseStatus.CONTINUE);
        receive("x" + "GET / HT");

        // When
        pass(60);

        // Then
        assertThat(sent()).startsWith("HTTP/1.1 100").doesNotContain("408");
    }

    @Test
    void aConnectionMayRestAfterAnAnswerAndInABody() {
        // Given
        receive(REQUEST);
        answer(HttpResponseStatus.OK);
        pass(60);
        receive("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1");

        // When
        pass(60);

        // Then
        assertThat(sent()).doesNotContain("408");
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void nothingMoreIsReadWhileMoreThanOneAnswerIsPending() {
        // Given
        receive(REQUEST + REQUEST);
        int before = reads;

        // When
        channel.pipeline().read();
        channel.pipeline().read();

        // Then
        assertThat(reads).isEqualTo(before);
        answer(HttpResponseStatus.OK);
        assertThat(reads).isEqualTo(before + 1);
        channel.pipeline().read();
        assertThat(reads).isEqualTo(before + 2);
    }

    private void receive(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, ISO_8859_1));
    }

    private void answer(HttpResponseStatus status) {
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status));
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    /// What was sent since this was last asked.
    private String sent() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound();
                bytes != null;
                bytes = channel.readOutbound()) {
            text.append(bytes.toString(ISO_8859_1));
            bytes.release();
        }
        return text.toString();
    }
}
