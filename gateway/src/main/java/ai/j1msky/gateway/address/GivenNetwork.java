package ai.j1msky.gateway.address;

import ai.j1msky.common.network.Network;
import ai.j1msky.gateway.problem.Problem;
import ai.j1msky.gateway.problem.ProblemException;

/// Reads a network that a client has sent; a wrong one is a 400 that names its field.
final class GivenNetwork {

    private GivenNetwork() {}

    static Network read(Problem problem, String field, String text) {
        return switch (Network.read(text)) {
            case Network.Reading.Understood(Network network) -> network;
            case Network.Reading.Refused(String complaint) ->
                    throw ProblemException.of(problem, field + " " + complaint + ".");
        };
    }
}
