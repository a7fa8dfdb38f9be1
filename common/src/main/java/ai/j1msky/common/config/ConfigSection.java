package ai.j1msky.common.config;

import ai.j1msky.common.budget.BudgetTerms;
import ai.j1msky.common.money.Money;
import ai.j1msky.common.network.Network;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads one object of the configuration: each call names a setting, says what it takes and what it does, and so is
/// its parser, its check and its documentation at once. Mistakes are collected, not thrown; after one, the method
/// answers with a value that lets the reading go on.
final class ConfigSection {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private static final int MOST_DOLLARS = 1_000_000;

    private final String path;
    private final ObjectNode node;
    private final Notes notes;
    private final Set<String> known = new HashSet<>();

    /// What reading finds: mistakes for the operator, settings for the documentation.
    record Notes(List<String> mistakes, Map<String, Setting> settings) {
        Notes() {
            this(new ArrayList<>(), new LinkedHashMap<>());
        }
    }

    ConfigSection(String path, ObjectNode node, Notes notes) {
        this.path = path;
        this.node = node;
        this.notes = notes;
    }

    int whole(String name, int from, int to, String about) {
        JsonNode value = value(name, "a whole number from " + from + " to " + to, about);
        if (value.isInt() && value.intValue() >= from && value.intValue() <= to) {
            return value.intValue();
        }
        return mistake(name, "must be a whole number from " + from + " to " + to, from);
    }

    BigDecimal dollars(String name, String about) {
        JsonNode value = value(name, "dollars, at most six decimals", about);
        Optional<Money> dollars = Money.read(value, MOST_DOLLARS);
        if (dollars.isPresent()) {
            return dollars.get().dollars();
        }
        return mistake(
                name,
                "must be dollars from 0 to 1000000 with at most six decimals",
                BigDecimal.ZERO);
    }

    Money money(String name, String about) {
        return Money.micros(dollars(name, about).movePointRight(6).longValueExact());
    }

    /// A list of parts of a whole, as percentages.
    List<Integer> percents(String name, String about) {
        String accepts = "a list of numbers from 0.01 to 1.0 with at most two decimals";
        JsonNode value = value(name, accepts, about);
        List<Integer> percents = new ArrayList<>();
        if (!value.isArray()) {
            return mistake(name, "must be " + accepts, List.of());
        }
        for (JsonNode item : value) {
            Optional<Integer> percent = BudgetTerms.percent(item);
            if (percent.isEmpty()) {
                return mistake(name, "must be " + accepts, List.of());
            }
            percents.add(percent.get());
        }
        return List.copyOf(percents);
    }

    Duration duration(String name, Duration from, Duration to, String about) {
        JsonNode value = value(name, "a duration such as `30s`, `5m`, `1h`, `30d`", about);
        Matcher matcher = DURATION.matcher(value.isString() ? value.stringValue() : "");
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            Duration duration =
                    switch (matcher.group(2)) {
                        case "ms" -> Duration.ofMillis(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        case "h" -> Duration.ofHours(amount);
                        default -> Duration.ofDays(amount);
                    };
            if (duration.compareTo(from) >= 0 && duration.compareTo(to) <= 0) {
                return duration;
            }
        }
        return mistake(name, "must be a duration from " + words(from) + " to " + words(to), from);
    }

    /// A duration as operators write it, in the largest unit that divides it.
    private static String words(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        return seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds + "s";
    }

    /// A moment; a date alone is its first moment in UTC. Null after a mistake.
    @Nullable Instant time(String name, String about) {
        String accepts = "a time such as 2026-12-01T00:00:00Z, or a date";
        JsonNode value = value(name, accepts, about);
        String text = value.isString() ? value.stringValue() : "";
        try {
            return text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException unreadable) {
            mistake(name, "must be " + accepts, text);
            return null;
        }
    }

    boolean flag(String name, String about) {
        JsonNode value = value(name, "true or false", about);
        return value.isBoolean()
                ? value.booleanValue()
                : mistake(name, "must be true or false", false);
    }

    String text(String name, String accepts, Predicate<String> isValid, String about) {
        JsonNode value = value(name, accepts, about);
        if (value.isString() && isValid.test(value.stringValue())) {
            return value.stringValue();
        }
        return mistake(name, "must be " + accepts, "");
    }

    List<String> texts(String name, String accepts, String about) {
        JsonNode value = value(name, accepts, about);
        List<String> texts = new ArrayList<>();
        if (value.isArray()) {
            for (JsonNode item : value) {
                if (!item.isString()) {
                    return mistake(name, "must be " + accepts, List.of());
                }
                texts.add(item.stringValue());
            }
            return List.copyOf(texts);
        }
        return mistake(name, "must be " + accepts, List.of());
    }

    List<Network> networks(String name, String about) {
        List<Network> networks = new ArrayList<>();
        List<String> texts = texts(name, "a list of addresses and CIDR blocks", about);
        for (int i = 0; i < texts.size(); i++) {
            String item = name + "[" + i + "]";
            switch (Network.read(texts.get(i))) {
                case Network.Reading.Refused(String complaint) -> mistake(item, complaint, "");
                case Network.Reading.Understood(Network network) -> {
                    if (networks.contains(network)) {
                        mistake(item, "names " + network + " again", "");
                    }
                    networks.add(network);
                }
            }
        }
        return List.copyOf(networks);
    }

    /// One section per name the operator chose.
    <T> Map<String, T> each(
            String name, Pattern names, String words, Function<ConfigSection, T> reader) {
        known.add(name);
        Map<String, T> read = new LinkedHashMap<>();
        if (!(node.get(name) instanceof ObjectNode sections)) {
            return mistake(name, "must be an object", read);
        }
        for (Map.Entry<String, JsonNode> section : sections.properties()) {
            member(join(name) + "." + section.getKey(), section, names, words, reader, read);
        }
        return read;
    }

    private <T> void member(
            String inner,
            Map.Entry<String, JsonNode> member,
            Pattern names,
            String words,
            Function<ConfigSection, T> reader,
            Map<String, T> read) {
        if (!names.matcher(member.getKey()).matches()) {
            notes.mistakes.add(inner + " is not a usable name; use " + words + ".");
        } else if (member.getValue() instanceof ObjectNode object) {
            ConfigSection child = new ConfigSection(inner, object, notes);
            read.put(member.getKey(), reader.apply(child));
            child.finish();
        } else {
            notes.mistakes.add(inner + " must be an object.");
        }
    }

    /// One section for each item of a list.
    void items(String name, String accepts, String about, Consumer<ConfigSection> reader) {
        JsonNode value = value(name, accepts, about);
        if (!value.isArray()) {
            mistake(name, "must be " + accepts, value);
        }
        for (int i = 0; i < value.size() && value.isArray(); i++) {
            String item = name + "[" + i + "]";
            if (value.get(i) instanceof ObjectNode object) {
                ConfigSection child = new ConfigSection(join(item), object, notes);
                reader.accept(child);
                child.finish();
            } else {
                mistake(item, "must be an object", value);
            }
        }
    }

    /// A section whose names are ours.
    ConfigSection section(String name) {
        known.add(name);
        ObjectNode object =
                node.get(name) instanceof ObjectNode given
                        ? given
                        : mistake(name, "must be an object", node.objectNode());
        return new ConfigSection(join(name), object, notes);
    }

    /// This section's own members as sections, by names the operator chose.
    <T> Map<String, T> inner(Pattern names, String words, Function<ConfigSection, T> reader) {
        Map<String, T> read = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            known.add(member.getKey());
            member(join(member.getKey()), member, names, words, reader, read);
        }
        return read;
    }

    /// The section's own name, its last step.
    String name() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    <T> T mistake(String name, String sentence, T instead) {
        notes.mistakes.add(join(name) + " " + sentence + ".");
        return instead;
    }

    /// Reports names that no call asked for.
    void finish() {
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                notes.mistakes.add(
                        join(name)
                                + " is not a setting; known here: "
                                + String.join(", ", known.stream().sorted().toList())
                                + ".");
            }
        }
    }

    private JsonNode value(String name, String accepts, String about) {
        known.add(name);
        JsonNode value = node.path(name);
        // Sections with names of the operator's choice are documented once, with a star.
        String documented =
                join(name)
                        .replaceAll("^(providers|models|teams|key_limits)\\.[^.]+", "$1.*")
                        .replaceAll("\\[[0-9]+]", "[]");
        String standard = documented.contains("*") ? "" : value.toString();
        notes.settings.putIfAbsent(documented, new Setting(documented, accepts, standard, about));
        return value;
    }

    private String join(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
