/// Plays files of sample requests (`docs/requests/*.http`) against a product that runs, so that samples stay true.
///
/// The format is the common one of editors: variables, `###` between requests, `{{…}}` where a value goes. Ours is
/// only the comment `# expect STATUS field=text …`. Knows nothing about agents or keys.
@NullMarked
package ai.j1msky.infra.local.requests;

import org.jspecify.annotations.NullMarked;
