package ai.j1msky.common.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import ai.j1msky.common.money.Price;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Renders `docs/configuration.md`: the operator's settings from their declarations, the rest from the template in the resources.
final class ConfigurationDoc {

    private static final String TEMPLATE = "/configuration.template.md";

    private ConfigurationDoc() {}

    static String render() {
        AgencyConfig standard = AgencyConfig.standard(Map.of());
        return template()
                .replace("{{settings}}", settings())
                .replace("{{providers}}", providers(standard))
                .replace("{{models}}", models(standard));
    }

    private static String template() {
        try (InputStream text = ConfigurationDoc.class.getResourceAsStream(TEMPLATE)) {
            return new String(requireNonNull(text, TEMPLATE).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String settings() {
        return table(
                List.of("Setting", "Takes", "Default", "What it does"),
                AgencyConfig.settings().stream()
                        .map(
                                s ->
                                        List.of(
                                                code(s.path()),
                                                s.accepts(),
                                                code(s.standard()),
                                                s.about()))
                        .toList());
    }

    private static String providers(AgencyConfig standard) {
        return table(
                List.of("Name", "`wire`", "`base_url`", "`environment`", "`idle_timeout`"),
                standard.providers().values().stream()
                        .sorted(Comparator.comparing(ProviderConfig::name))
                        .map(ConfigurationDoc::row)
                        .toList());
    }

    private static String models(AgencyConfig standard) {
        return table(
                List.of(
                        "Alias",
                        "`provider`",
                        "`model`",
                        "Input",
                        "Output",
                        "`max_output_tokens`",
                        "`fallback`"),
                standard.models().values().stream()
                        .sorted(Comparator.comparing(ModelConfig::alias))
                        .map(ConfigurationDoc::row)
                        .toList());
    }

    private static List<String> row(ProviderConfig provider) {
        return List.of(
                code(provider.name()),
                code(provider.wire().name().toLowerCase(Locale.ROOT)),
                code(provider.baseUrl().toString()),
                code(provider.environment()),
                code(provider.idleTimeout().toSeconds() + "s"));
    }

    private static List<String> row(ModelConfig model) {
        Price price = model.prices().first();
        return List.of(
                code(model.alias()),
                code(model.provider()),
                code(model.model()),
                dollars(price.inputMicrosPerMillion()),
                dollars(price.outputMicrosPerMillion()),
                Integer.toString(model.maxOutputTokens()),
                model.fallback().stream()
                        .map(ConfigurationDoc::code)
                        .collect(Collectors.joining(", ")));
    }

    private static String table(List<String> head, List<List<String>> rows) {
        StringBuilder table = new StringBuilder();
        append(table, head);
        append(table, head.stream().map(_ -> "---").toList());
        rows.forEach(row -> append(table, row));
        return table.toString().stripTrailing();
    }

    private static void append(StringBuilder table, List<String> cells) {
        table.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    private static String dollars(long micros) {
        return "$" + BigDecimal.valueOf(micros, 6).setScale(2);
    }
}
