package ai.j1msky.gateway;

import ai.j1msky.common.apikey.ApiKey;
import ai.j1msky.common.apikey.KeyEnvironment;
import ai.j1msky.common.apikey.Scope;
import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.KeyId;
import ai.j1msky.gateway.apikey.Presented;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// A key as if it had been presented, for tests that never look into its sealed parts.
public final class TestPresented {

    public static final Presented KEY = create();

    private TestPresented() {}

    private static Presented create() {
        ApiKey.Secret secret =
                new ApiKey.Secret("00", "dev_sk_", "0000", Instant.EPOCH, null, null, null, null);
        return new Presented(
                new ApiKey(
                        new KeyId("key_test"),
                        AccountId.MAIN,
                        "test",
                        KeyEnvironment.DEV,
                        Set.of(Scope.ADMIN),
                        List.of(secret),
                        "sealed",
                        true,
                        Instant.EPOCH,
                        Instant.MAX,
                        null,
                        List.of(),
                        Instant.EPOCH),
                secret);
    }
}
