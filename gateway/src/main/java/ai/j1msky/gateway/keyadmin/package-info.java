/// The endpoints that make, show, rotate and revoke API keys.
///
/// Does not tell who calls; admission does, with the keyring of the package `apikey`.
@NullMarked
package ai.j1msky.gateway.keyadmin;

import org.jspecify.annotations.NullMarked;
