package ai.j1msky.gateway.ledger;

import ai.j1msky.common.ledger.LedgerEntry;
import ai.j1msky.common.money.Price;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.MediaType;

/// How entries are written into a file: CSV of RFC 4180 with a header, or a JSON array of what the list shows.
enum ExportFormat {
    CSV("text/csv;charset=UTF-8"),
    JSON("application/json");

    private static final String COLUMNS =
            "id,at,kind,agent_id,key_id,model,provider,attempt,input_tokens,output_tokens,amount,metering,"
                    + "input_per_mtok,output_per_mtok\r\n";

    private final String mediaType;

    ExportFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    static List<String> wireNames() {
        return Arrays.stream(values()).map(ExportFormat::wireName).toList();
    }

    static Optional<ExportFormat> find(String wireName) {
        return Arrays.stream(values()).filter(f -> f.wireName().equals(wireName)).findFirst();
    }

    /// Also how names of such files end.
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    MediaType mediaType() {
        return MediaType.parseMediaType(mediaType);
    }

    String head() {
        return this == CSV ? COLUMNS : "[";
    }

    String entry(LedgerEntry entry, boolean isFirst) {
        return switch (this) {
            case CSV -> row(entry);
            case JSON -> (isFirst ? "\n" : ",\n") + LedgerJson.of(entry);
        };
    }

    String tail() {
        return this == CSV ? "" : "\n]\n";
    }

    private static String row(LedgerEntry entry) {
        String provider = entry.provider() == null ? "" : entry.provider();
        Price price = entry.price();
        return Stream.of(
                        entry.logId(),
                        LedgerJson.time(entry),
                        entry.kind().wireName(),
                        entry.agentId().value(),
                        entry.keyId().value(),
                        entry.model(),
                        provider,
                        Integer.toString(entry.attempt()),
                        Long.toString(entry.usage().inputTokens()),
                        Long.toString(entry.usage().outputTokens()),
                        entry.amount().dollars().toPlainString(),
                        entry.metering().wireName(),
                        price == null ? "" : perMillion(price.inputMicrosPerMillion()),
                        price == null ? "" : perMillion(price.outputMicrosPerMillion()))
                .map(CsvField::of)
                .collect(Collectors.joining(",", "", "\r\n"));
    }

    private static String perMillion(long micros) {
        return LedgerJson.perMillion(micros).toPlainString();
    }
}
