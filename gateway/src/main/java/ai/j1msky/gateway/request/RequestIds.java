package ai.j1msky.gateway.request;

import ai.j1msky.common.id.RequestId;
import java.util.concurrent.ThreadLocalRandom;

/// Where a request's id comes from and where it is kept.
public final class RequestIds {

    public static final String HEADER = "X-Request-Id";
    public static final String ATTRIBUTE = RequestIds.class.getName();

    private RequestIds() {}

    /// A new id. It names a request and protects nothing, so it need not be cryptographically strong.
    public static RequestId next() {
        return RequestId.mint(ThreadLocalRandom.current());
    }
}
