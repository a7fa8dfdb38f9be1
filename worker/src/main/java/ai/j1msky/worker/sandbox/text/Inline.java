package ai.j1msky.worker.sandbox.text;

import java.util.regex.Pattern;

/// Removes the markup inside a paragraph of Markdown.
///
/// Every repetition has an upper bound, so that hostile brackets cost linear time.
final class Inline {

    private static final Pattern BADGE =
            Pattern.compile(
                    "\\[!\\[[^\\[\\]]{0,200}](?:\\([^()]{0,300}\\)|\\[[^\\[\\]]{0,100}])](?:\\([^()]{0,300}\\)|\\[[^\\[\\]]{0,100}])");
    private static final Pattern IMAGE =
            Pattern.compile("!\\[[^\\[\\]]{0,200}](?:\\([^()]{0,300}\\)|\\[[^\\[\\]]{0,100}])");
    private static final Pattern LINK =
            Pattern.compile("\\[([^\\[\\]]{1,300})](?:\\([^()]{0,300}\\)|\\[[^\\[\\]]{0,100}])");
    private static final Pattern ADDRESS =
            Pattern.compile("<(?:https?://|mailto:)[^<>\\s]{1,300}>");
    private static final Pattern TAG =
            Pattern.compile(
                    "(?i)</?(?:a|b|i|p|br|hr|em|h[1-6]|ul|ol|li|td|th|tr|img|div|sub|sup|kbd|pre|code|span|table|tbody|"
                            + "thead|center|strong|details|summary|picture|source|blockquote)(?:\\s[^<>]{0,300})?/?>");
    private static final Pattern BOLD = Pattern.compile("\\*\\*(?=\\S)([^*]{1,300})(?<=\\S)\\*\\*");
    private static final Pattern BOLD_UNDERLINE =
            Pattern.compile("(?<!\\w)__(?=\\S)([^_]{1,300})(?<=\\S)__(?!\\w)");
    private static final Pattern ITALIC =
            Pattern.compile(
                    "(?<![\\w*\\\\])\\*(?=[^\\s*])([^*]{1,300})(?<![\\s\\\\])\\*(?![\\w*])");
    private static final Pattern ITALIC_UNDERLINE =
            Pattern.compile("(?<!\\w)_(?=\\S)([^_]{1,300})(?<=\\S)_(?!\\w)");
    private static final Pattern CODE = Pattern.compile("(`{1,2})([^`]{1,300})\\1");
    private static final Pattern ESCAPE = Pattern.compile("\\\\([\\\\`*_{}\\[\\]()#+.!|>~-])");
    private static final Pattern SPACE_BEFORE_POINT =
            Pattern.compile("(?<=\\w) +(?=[.,;:!?](?:\\s|$))");

    private Inline() {}

    static String plain(String paragraph) {
        String text = BADGE.matcher(paragraph).replaceAll("");
        text = IMAGE.matcher(text).replaceAll("");
        text = LINK.matcher(text).replaceAll("$1");
        text = ADDRESS.matcher(text).replaceAll("");
        text = TAG.matcher(text).replaceAll(" ");
        text = CODE.matcher(text).replaceAll("$2");
        text = BOLD.matcher(text).replaceAll("$1");
        text = BOLD_UNDERLINE.matcher(text).replaceAll("$1");
        text = ITALIC.matcher(text).replaceAll("$1");
        text = ITALIC_UNDERLINE.matcher(text).replaceAll("$1");
        text = ESCAPE.matcher(text).replaceAll("$1");
        text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">");
        text = text.replace("&quot;", "\"").replace("&amp;", "&");
        return SPACE_BEFORE_POINT.matcher(text).replaceAll("").strip();
    }
}
