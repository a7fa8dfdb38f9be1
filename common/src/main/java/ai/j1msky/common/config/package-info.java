/// The operator's one file, `config.json`: typed, validated as a whole, with a sentence per mistake.
///
/// Secrets are never in it; they come from the environment. How processes find each other (addresses, ports,
/// directories) is not in it either; the launcher passes that.
@NullMarked
package ai.j1msky.common.config;

import org.jspecify.annotations.NullMarked;
