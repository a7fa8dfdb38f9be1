package ai.j1msky.gateway.request;

import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.money.Money;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The fields of a JSON object, read one by one and exactly: no coercion between types, and every wrong value is a
/// 400 that names its field. A null counts as absent.
public final class Fields {

    private final ObjectNode node;
    private final String within;
    private final Set<String> known = new HashSet<>();

    Fields(ObjectNode node) {
        this(node, "");
    }

    /// @param within what stands before the names of its fields in messages
    private Fields(ObjectNode node, String within) {
        this.node = node;
        this.within = within;
    }

    /// Whether the field is given at all.
    public boolean has(String name) {
        return value(name) != null;
    }

    /// Text of `from` to `to` characters (Unicode code points), not only white space.
    public String text(String name, int from, int to) {
        String text =
                optionalText(name, from, to)
                        .orElseThrow(() -> StrictBody.invalid(within + name + " is missing."));
        if (text.isBlank()) {
            throw StrictBody.invalid(within + name + " must not be blank.");
        }
        return text;
    }

    public Optional<String> optionalText(String name, int from, int to) {
        JsonNode value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw StrictBody.invalid(within + name + " must be a string.");
        }
        String text = value.stringValue();
        if (hasLoneSurrogate(text)) {
            throw StrictBody.invalid(within + name + " holds half a character (a lone surrogate).");
        }
        int length = text.codePointCount(0, text.length());
        if (length < from || length > to) {
            throw StrictBody.invalid(
                    within + name + " must have " + from + " to " + to + " characters.");
        }
        return Optional.of(text);
    }

    /// One of the allowed words, exactly.
    public String oneOf(String name, Collection<String> allowed) {
        JsonNode value = value(name);
        if (value == null) {
            throw StrictBody.invalid(
                    within + name + " is missing; it is one of " + list(allowed) + ".");
        }
        return word(name, value, allowed);
    }

    public String oneOf(String name, Collection<String> allowed, String otherwise) {
        JsonNode value = value(name);
        return value == null ? otherwise : word(name, value, allowed);
    }

    /// Distinct words out of those allowed; at least one.
    public List<String> someOf(String name, Collection<String> allowed) {
        JsonNode value = value(name);
        if (value == null || !value.isArray() || value.isEmpty()) {
            throw StrictBody.invalid(within + name + " must be a list of " + list(allowed) + ".");
        }
        List<String> words = new ArrayList<>();
        for (JsonNode item : value) {
            String word = word(name, item, allowed);
            if (words.contains(word)) {
                throw StrictBody.invalid(within + name + " names " + word + " twice.");
            }
            words.add(word);
        }
        return words;
    }

    /// A list of strings, which may be empty.
    ///
    /// @param most how many it may hold
    public List<String> texts(String name, int most) {
        JsonNode value = value(name);
        if (value == null || !value.isArray() || value.size() > most) {
            throw StrictBody.invalid(
                    within + name + " must be a list of at most " + most + " strings.");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode item : value) {
            if (!item.isString()) {
                throw StrictBody.invalid(
                        within + name + "[" + texts.size() + "] must be a string.");
            }
            texts.add(item.stringValue());
        }
        return texts;
    }

    public int whole(String name, int from, int to, int otherwise) {
        JsonNode value = value(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isInt() || value.intValue() < from || value.intValue() > to) {
            throw StrictBody.invalid(
                    within + name + " must be a whole number from " + from + " to " + to + ".");
        }
        return value.intValue();
    }

    /// Dollars with at most six decimals, up to so many; empty when the field is not given.
    public Optional<Money> dollars(String name, int to) {
        JsonNode value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        Optional<Money> money = Money.read(value, to);
        if (money.isPresent()) {
            return money;
        }
        throw StrictBody.invalid(
                within + name + " must be dollars from 0 to " + to + " with at most six decimals.");
    }

    /// A list of parts of a whole, from 0.01 to 1.0, as percentages; empty when the field is not given.
    ///
    /// @param most how many it may hold
    public Optional<List<Integer>> percents(String name, int most) {
        JsonNode value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        List<Integer> percents = new ArrayList<>();
        if (value.isArray() && value.size() <= most) {
            for (JsonNode item : value) {
                BudgetTerms.percent(item).ifPresent(percents::add);
            }
        }
        if (!value.isArray() || percents.size() != value.size()) {
            throw StrictBody.invalid(
                    name
                            + " must be a list of at most "
                            + most
                            + " numbers from 0.01 to 1.0 with at most two decimals.");
        }
        return Optional.of(percents);
    }

    /// The fields of an object in this one; empty when the field is not given.
    public Optional<Fields> object(String name) {
        JsonNode value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof ObjectNode object)) {
            throw StrictBody.invalid(within + name + " must be an object.");
        }
        return Optional.of(new Fields(object, within + name + "."));
    }

    public boolean flag(String name, boolean otherwise) {
        JsonNode value = value(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw StrictBody.invalid(within + name + " must be true or false.");
        }
        return value.booleanValue();
    }

    /// Refuses every field that none of the calls above asked for.
    public void nothingElse() {
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw StrictBody.invalid(
                        "Unknown field "
                                + shown(within + name)
                                + "; known fields are "
                                + list(known.stream().sorted().toList())
                                + ".");
            }
        }
    }

    private @Nullable JsonNode value(String name) {
        known.add(name);
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private String word(String name, JsonNode value, Collection<String> allowed) {
        if (!value.isString() || !allowed.contains(value.stringValue())) {
            throw StrictBody.invalid(within + name + " must be one of " + list(allowed) + ".");
        }
        return value.stringValue();
    }

    private static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return true;
            }
        }
        return false;
    }

    private static String list(Collection<String> words) {
        return String.join(", ", words);
    }

    /// A client's own name, cut and without anything that could break a line of text.
    static String shown(String name) {
        String plain = name.replaceAll("[^\\x21-\\x7e]", "?");
        return "'" + (plain.length() > 40 ? plain.substring(0, 40) + "…" : plain) + "'";
    }
}
