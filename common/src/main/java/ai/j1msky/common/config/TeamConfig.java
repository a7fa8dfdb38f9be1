package ai.j1msky.common.config;

import java.util.List;

/// One team that clients may name.
///
/// @param name for example `team_coding`
/// @param members aliases of the models that work side by side
/// @param roles what each of them does, in the same order
/// @param lead the alias that plans and merges
public record TeamConfig(String name, List<String> members, List<String> roles, String lead) {}
