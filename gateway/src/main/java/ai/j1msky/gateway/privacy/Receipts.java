package ai.j1msky.gateway.privacy;

import ai.j1msky.common.id.AccountId;
import ai.j1msky.common.id.AgentId;
import ai.j1msky.common.log.WireJson;
import ai.j1msky.common.seal.HouseSignature;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.UnreadableException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Receipts of deletions. A receipt is not kept anywhere: its id says all that it is about, sealed, so that only this
/// installation can have made it.
final class Receipts {

    private static final String PREFIX = "receipt_";
    private static final String PLACE = "erasure-receipt";

    private final MasterKey master;

    Receipts(MasterKey master) {
        this.master = master;
    }

    /// What was deleted.
    ///
    /// @param agent the agent, or null for all that the account had
    /// @param agents how many
    /// @param at when; to the millisecond
    record Erased(AccountId account, @Nullable AgentId agent, int agents, Instant at) {

        /// Whether it says that the key of this agent is gone.
        ///
        /// @param created when that agent was accepted
        boolean isAbout(AgentId other, AccountId owner, Instant created) {
            return agent == null
                    ? owner.equals(account) && created.isBefore(at)
                    : other.equals(agent);
        }

        String subject() {
            return agent == null ? account.value() : agent.value();
        }
    }

    /// The receipt's id.
    String issue(Erased erased) {
        String text =
                String.join(
                        "\n",
                        erased.account.value(),
                        erased.agent == null ? "" : erased.agent.value(),
                        Integer.toString(erased.agents),
                        Long.toString(erased.at.toEpochMilli()));
        return PREFIX + master.sealSecret(text, PLACE);
    }

    /// What a receipt is about; empty for an id that was not issued here.
    Optional<Erased> read(String id) {
        if (!id.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            String[] parts =
                    master.openSecret(id.substring(PREFIX.length()), PLACE).split("\n", -1);
            return Optional.of(
                    new Erased(
                            new AccountId(parts[0]),
                            parts[1].isEmpty() ? null : new AgentId(parts[1]),
                            Integer.parseInt(parts[2]),
                            Instant.ofEpochMilli(Long.parseLong(parts[3]))));
        } catch (UnreadableException madeUp) {
            return Optional.empty();
        }
    }

    /// What is said about it.
    ///
    /// @param readable whether an attempt to read something of it succeeded
    /// @param purged whether no copy of a key is left on the log either
    ObjectNode json(Erased erased, boolean readable, boolean purged, Instant now) {
        ObjectNode json = WireJson.MAPPER.createObjectNode();
        if (erased.agent == null) {
            json.put("account", erased.account.value());
            json.put("agents", erased.agents);
        } else {
            json.put("agent_id", erased.agent.value());
        }
        json.put("erased_at", erased.at.toString());
        json.put("readable", readable);
        json.put("purged", purged);
        json.put("checked_at", now.toString());
        HouseSignature house = master.signature();
        // Documented in docs/security.md, so that anybody can check it.
        String signed =
                String.join(
                        "\n",
                        "j1msky-erasure-1",
                        erased.subject(),
                        erased.at.toString(),
                        Boolean.toString(readable),
                        Boolean.toString(purged));
        json.put("signature", house.of(signed));
        json.put("public_key", house.publicKey());
        return json;
    }
}
