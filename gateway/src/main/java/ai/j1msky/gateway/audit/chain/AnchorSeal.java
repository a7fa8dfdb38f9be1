package ai.j1msky.gateway.audit.chain;

import ai.j1msky.common.audit.AuditAnchor;
import ai.j1msky.common.audit.ChainId;
import ai.j1msky.common.seal.MasterKey;
import ai.j1msky.common.seal.UnreadableException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes anchors that only a holder of the master key can make.
///
///     mac        = hex( HMAC-SHA256( key, statement ) )
///     statement  = "1" LF chain LF count LF head LF at
///     key        = 32 random bytes for each chain, in hex
///     sealed-key = the key, encrypted with the master key for the place "audit-chain" LF chain
///
/// A key for each chain, and not the master key itself, so that anchors do not use up its nonces.
public final class AnchorSeal {

    private static final String CONTEXT = "audit-chain\n";
    private static final String HMAC = "HmacSHA256";

    private final MasterKey master;
    private final SecureRandom random = new SecureRandom();

    public AnchorSeal(MasterKey master) {
        this.master = master;
    }

    /// A chain's MAC key, also as anchors carry it.
    static final class MacKey {
        private final byte[] bytes;
        private final String sealed;

        private MacKey(byte[] bytes, String sealed) {
            this.bytes = bytes;
            this.sealed = sealed;
        }

        @Override
        public String toString() {
            return "MacKey[redacted]";
        }
    }

    MacKey keyFor(ChainId chain) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        return new MacKey(key, master.sealSecret(HexFormat.of().formatHex(key), CONTEXT + chain));
    }

    AuditAnchor anchor(Chain chain, MacKey key) {
        return anchor(chain.id(), chain.count(), chain.head(), chain.lastAt(), key);
    }

    static AuditAnchor anchor(ChainId chain, long count, String head, Instant at, MacKey key) {
        AuditAnchor bare = new AuditAnchor(chain, count, head, at, key.sealed, "");
        return new AuditAnchor(
                chain, count, head, at, key.sealed, mac(bare.statement(), key.bytes));
    }

    /// Whether a gateway made it.
    public boolean isGenuine(AuditAnchor anchor) {
        try {
            String key = master.openSecret(anchor.sealedKey(), CONTEXT + anchor.chain());
            String mac = mac(anchor.statement(), HexFormat.of().parseHex(key));
            return MessageDigest.isEqual(
                    mac.getBytes(StandardCharsets.US_ASCII),
                    anchor.mac().getBytes(StandardCharsets.US_ASCII));
        } catch (UnreadableException | IllegalArgumentException forged) {
            return false;
        }
    }

    private static String mac(String statement, byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return HexFormat.of()
                    .formatHex(mac.doFinal(statement.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has HMAC-SHA256", impossible);
        }
    }
}
