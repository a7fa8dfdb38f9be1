package ai.j1msky.worker.sandbox.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkdownTest {

    @Test
    void onlyProseIsKept() {
        // Given
        String readme =
                """
                ---
                title: front matter
                ---
                # Heading

                [![build](https://ci/badge.svg)](https://ci) ![logo](logo.png)

                <p align="center"><img src="x.png"></p>

                First *paragraph* with a [link](https://example.com/a)
                over two lines. <!-- a
                comment -->

                Setext heading
                ==============

                ```sh
                rm -rf code
                ```

                | Table | Row |
                |-------|-----|
                | a     | b   |

                - First item with `code`.
                - [x] Second **item**
                  goes on.

                > Quoted text.

                ***

                1. Numbered [one][ref].

                [ref]: https://example.com
                Last one.
                """;

        // When
        List<String> paragraphs = Markdown.paragraphs(readme);

        // Then
        assertThat(paragraphs)
                .containsExactly(
                        "First paragraph with a link over two lines.",
                        "First item with code.",
                        "Second item goes on.",
                        "Quoted text.",
                        "Numbered one.",
                        "Last one.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    2 * 3 * 4 is 24 | 2 * 3 * 4 is 24
                    the snake_case_name stays | the snake_case_name stays
                    a List<String> stays | a List<String> stays
                    __bold__ and _italic_ and ***both*** | bold and italic and both
                    see <https://example.com/x>. | see.
                    AT&amp;T &lt;3 | AT&T <3
                    escaped \\*stars\\* | escaped *stars*
                    """)
    void inlineMarkupGoesAndTextStays(String markdown, String text) {
        // When
        List<String> paragraphs = Markdown.paragraphs(markdown);

        // Then
        assertThat(paragraphs).containsExactly(text);
    }

    @Test
    void plainTextPassesWithItsLinesJoined() {
        // Given
        String text = "It was late.\r\nNobody came.\r\n\r\nThen they left.";

        // When
        List<String> paragraphs = Markdown.paragraphs(text);

        // Then
        assertThat(paragraphs).containsExactly("It was late. Nobody came.", "Then they left.");
    }

    @Test
    void aWordThatIsDataIsLeftOut() {
        // Given
        String text = "The key " + "A1b2".repeat(30) + " is data.";

        // When
        List<String> paragraphs = Markdown.paragraphs(text);

        // Then
        assertThat(paragraphs).containsExactly("The key is data.");
    }
}
