/// Teams: what their agents are told, and who moves them on.
///
/// Decides nothing about a single agent: to everybody else the agents of a team are agents like any other.
@NullMarked
package ai.j1msky.gateway.team;

import org.jspecify.annotations.NullMarked;
