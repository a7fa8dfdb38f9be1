package ai.j1msky.gateway.address;

import ai.j1msky.common.network.Address;
import org.springframework.web.reactive.function.server.ServerRequest;

/// Where the address of a request's client is kept, once [AddressCheck] has decided it.
public final class ClientAddress {

    static final String ATTRIBUTE = ClientAddress.class.getName();

    private ClientAddress() {}

    /// The client's address. Count by its [Address#bucket].
    public static Address of(ServerRequest request) {
        return (Address)
                request.attribute(ATTRIBUTE)
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "the request's address was not looked at"));
    }
}
