package ai.j1msky.common.audit;

import ai.j1msky.common.log.WireJson;
import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;

/// JSON in one form only, so that equal documents have equal bytes, however they were written or read:
///
///     names sorted by their UTF-16 units, no white space, numbers plain and without trailing zeros, strings as
///     Jackson escapes them
///
/// The hash of an entry is taken over this.
final class CanonicalJson {

    private CanonicalJson() {}

    static String of(JsonNode node) {
        StringBuilder text = new StringBuilder(512);
        write(node, text);
        return text.toString();
    }

    private static void write(JsonNode node, StringBuilder text) {
        if (node.isObject()) {
            char before = '{';
            for (String name : node.propertyNames().stream().sorted().toList()) {
                text.append(before).append(quoted(name)).append(':');
                write(node.path(name), text);
                before = ',';
            }
            text.append(before == '{' ? "{}" : "}");
        } else if (node.isArray()) {
            char before = '[';
            for (JsonNode item : node) {
                text.append(before);
                write(item, text);
                before = ',';
            }
            text.append(before == '[' ? "[]" : "]");
        } else if (node.isNumber()) {
            text.append(plain(node.decimalValue()));
        } else if (node.isString()) {
            text.append(quoted(node.stringValue()));
        } else {
            text.append(node);
        }
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static String quoted(String text) {
        return WireJson.MAPPER.writeValueAsString(text);
    }
}
