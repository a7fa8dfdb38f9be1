package ai.j1msky.common.apikey;

import ai.j1msky.common.id.AccountId;
import java.util.Set;
import java.util.stream.Collectors;

/// What somebody wants a new key to be.
///
/// @param name the operator's words for it
/// @param requireSignature unsigned requests are refused
public record NewKey(
        AccountId account,
        String name,
        KeyEnvironment env,
        Set<Scope> scopes,
        boolean requireSignature) {

    public NewKey {
        scopes = Set.copyOf(scopes);
    }

    /// The same wish always reads the same.
    public String canonical() {
        String sorted =
                scopes.stream().map(Scope::wireName).sorted().collect(Collectors.joining(" "));
        return String.join(
                "\n",
                account.value(),
                env.wireName(),
                sorted,
                Boolean.toString(requireSignature),
                name);
    }
}
