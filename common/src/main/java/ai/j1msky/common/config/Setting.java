package ai.j1msky.common.config;

/// One setting as `docs/configuration.md` shows it.
///
/// @param path for example `models.*.input_per_mtok`
/// @param accepts what values it takes, in words
/// @param standard its default as JSON
/// @param about what it does
public record Setting(String path, String accepts, String standard, String about) {}
